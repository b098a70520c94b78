//! Is this a syllable of the language?
//!
//! In: a word. Out: whether onsets, rimes and tones can make it. Never: a word list.

use super::fold;
use once_cell::sync::Lazy;
use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;

const ONSETS: [&str; 28] =
    ["ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "x"];
const RIMES: &str = "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch êm ên ênh êp êt êu \
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om \
    on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơng ơp ơt u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uêu uơ uy uya uych uyên uyêt \
    uyn uynh uyp uyt uyu uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu";

static RIME_SET: Lazy<FxHashSet<&str>> = Lazy::new(|| RIMES.split(' ').collect());

/// Can onsets, rimes and tones make this word?
pub(crate) fn is_syllable(word: &str) -> bool {
    let folded = fold(word);
    let mut tone = None;
    let mut base = String::new();
    for c in folded.nfd() {
        match c {
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' if tone.is_some() => return false,
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => tone = Some(c),
            c => base.push(c),
        }
    }
    let base: String = base.nfc().collect();
    let rime = |onset: &str| base.strip_prefix(onset).is_some_and(|rime| fits(onset, rime, tone));
    ONSETS.iter().any(|onset| rime(onset)) || rime("")
}

fn fits(onset: &str, rime: &str, tone: Option<char>) -> bool {
    let front = rime.starts_with(['i', 'e', 'ê', 'y']);
    let written = match onset {
        "ngh" | "gh" | "k" => front,
        "ng" | "c" => !front,
        "g" => !front || rime.starts_with('i'),
        "q" => rime.starts_with('u'),
        _ => true,
    };
    // A syllable that a stop closes has one of two tones.
    let stopped = rime.ends_with(['c', 'p', 't']) || rime.ends_with("ch");
    let toned = !stopped || matches!(tone, None | Some('\u{301}' | '\u{323}'));
    written && toned && RIME_SET.contains(rime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_language_pass_and_others_do_not() {
        for word in "Nghị quyết của Hội đồng nhân dân tỉnh Đắk giếng gì quốc khuỷu nghiêng thuở xoèn người rượu hoà hòa thủy thuỷ ngoằn".split(' ')
        {
            assert!(word == "Đắk" || is_syllable(word), "{word}");
        }
        for word in ["ThÃ´ng", "§êi", "míi·", "thµnh", "vieät", "ñöôïc", "bätp", "cêt", "kà", "đượć", "mẵc"] {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
