//! Text: normal form, sentences and tokens of a document, and the way back to its source.
//!
//! In: source text. Out: [`NormalText`], sentences as byte spans of it, and [`Token`]s of one sentence. Never: a judgement
//! on what a token means, or the loss of a character.

mod block;
mod letters;
mod normalize;
mod sentence;
mod syllable;
mod token;
mod vocabulary;
pub(crate) mod word;

pub(crate) use block::Blocks;
pub(crate) use letters::Letters;
pub use normalize::{Edit, NormalText, Span};
pub use sentence::{Abbreviations, paragraphs, sentences};
pub(crate) use syllable::is_syllable;
pub use token::{Flags, Kind, POWERED, Token, tokenize};
pub use vocabulary::{Sym, Vocabulary, Written, fold, tidy};
