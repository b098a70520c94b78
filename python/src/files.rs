//! Files in portions: what the command line reads, with the same order and ids.
//!
//! In: paths. Out: portions of inputs, with the number of the first. Never: a decoded text; that is the work of the threads.

use crate::run::{PORTION_BYTES, PORTION_ROWS, Portion};
use solieu::document::{Inputs, Item};

/// Inputs of a run, cut into portions.
pub struct Files {
    inputs: Inputs,
    next: u64,
}

impl Files {
    pub fn new(inputs: Inputs) -> Self {
        Self { inputs, next: 1 }
    }
}

/// Some inputs; `first` is the number of the first, from 1.
pub struct Part {
    pub items: Vec<Item>,
    pub first: u64,
    bytes: usize,
}

impl Portion for Part {
    fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Iterator for Files {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        let mut part = Part { items: Vec::new(), first: self.next, bytes: 0 };
        while part.bytes < PORTION_BYTES && part.items.len() < PORTION_ROWS {
            let Some(item) = self.inputs.next() else { break };
            part.bytes += item.as_ref().map_or(0, |(_, raw)| raw.len());
            part.items.push(item);
        }
        self.next += part.items.len() as u64;
        (!part.items.is_empty()).then_some(part)
    }
}
