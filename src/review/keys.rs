//! The keys: the one list behind buttons, help and script.
//!
//! In: nothing. Out: what each key does. Never: a key that needs another one held down, or that depends on the layout: `code` is the place
//! of the key on the keyboard, which input methods leave alone.

/// A key and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// `KeyboardEvent.code`.
    pub code: &'static str,
    /// What is printed on it.
    pub letter: &'static str,
    /// Names it, and its texts: `accept`, `accept-why`.
    pub action: &'static str,
}

const fn of(code: &'static str, letter: &'static str, action: &'static str) -> Key {
    Key { code, letter, action }
}

/// All keys, as help lists them.
pub const KEYS: [Key; 12] = [
    of("KeyA", "A", "accept"),
    of("KeyR", "R", "reject"),
    of("KeyS", "S", "skip"),
    of("KeyU", "U", "undo"),
    of("KeyJ", "J", "next"),
    of("KeyK", "K", "previous"),
    of("KeyE", "E", "edit"),
    of("KeyN", "N", "note"),
    of("KeyF", "F", "filter"),
    of("KeyB", "B", "bulk"),
    of("KeyH", "H", "help"),
    of("Escape", "Esc", "leave"),
];

/// The key of an action.
pub fn key(action: &str) -> Key {
    KEYS.iter().copied().find(|k| k.action == action).unwrap_or(KEYS[KEYS.len() - 1])
}
