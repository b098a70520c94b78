//! `docs/columns.md` says what the columns are. It is made from them: `UPDATE_GOLDEN=1` writes it anew.

#[test]
fn the_reference_is_of_this_version() {
    const PATH: &str = "docs/columns.md";
    let made = solieu::output::reference();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(PATH, &made).unwrap();
    }
    let kept = std::fs::read_to_string(PATH).unwrap();
    assert!(kept == made, "{PATH} is of another version of src/output/columns.rs; UPDATE_GOLDEN=1 writes it anew");
}
