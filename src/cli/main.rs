use solieu::{Document, Extractor};
use std::io::Write;
fn main() {
    let ex = Extractor::new();
    let mut out = std::io::BufWriter::new(std::io::stdout());
    for path in std::env::args().skip(1) {
        for (input, raw) in solieu::document::Inputs::new([path.into()]).flatten() {
            let d: Document = raw.decode(&input).unwrap();
            for r in ex.extract(&d) {
                serde_json::to_writer(&mut out, &r).unwrap();
                out.write_all(b"\n").unwrap();
            }
        }
    }
}
