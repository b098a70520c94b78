//! Which other pages have the same text, or nearly the same.
//!
//! In: an article. Out: the page that had its very text first, and links to pages that are near. Never: a text stored twice, or one of two
//! near ones left out.

use crate::nightly::judge::Article;
use crate::nightly::near::{NEAR, bands, distance};
use crate::store::RunId;
use rusqlite::{OptionalExtension, Transaction, params};

/// Where a text is stored.
#[derive(Debug, Clone)]
pub struct Same {
    pub page: i64,
    pub document: String,
    pub run: RunId,
}

/// The page that had this text first.
pub fn same(transaction: &Transaction<'_>, text: &str) -> rusqlite::Result<Option<Same>> {
    let sql = "SELECT page, document, run FROM nightly_texts WHERE text = ?";
    let same = |r: &rusqlite::Row<'_>| Ok(Same { page: r.get(0)?, document: r.get(1)?, run: r.get(2)? });
    transaction.prepare_cached(sql)?.query_row([text], same).optional()
}

/// Notes a text that is stored now.
pub fn note(transaction: &Transaction<'_>, page: i64, article: &Article, document: &str, run: RunId, night: i64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO nightly_texts VALUES (?1, ?2, ?3, ?4) ON CONFLICT (text) DO UPDATE SET document = ?3, run = ?4 WHERE page = ?2";
    transaction.prepare_cached(sql)?.execute(params![article.text, page, document, run])?;
    transaction.prepare_cached("DELETE FROM nightly_bands WHERE page = ?")?.execute([page])?;
    article.print.map_or(Ok(()), |print| link(transaction, page, print, night))
}

fn link(transaction: &Transaction<'_>, page: i64, print: u64, night: i64) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached("INSERT INTO nightly_bands VALUES (?, ?, ?)")?;
    let mut find = transaction.prepare_cached("SELECT page, print FROM nightly_bands WHERE band = ? AND page <> ?")?;
    let mut near = transaction.prepare_cached("INSERT OR REPLACE INTO nightly_near VALUES (?, ?, ?, ?)")?;
    for band in bands(print) {
        let others: Vec<(i64, i64)> = find.query_map([band, page], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        for (other, theirs) in others {
            let bits = distance(print, theirs.cast_unsigned());
            if bits <= NEAR {
                near.execute(params![page.max(other), page.min(other), bits, night])?;
            }
        }
        insert.execute(params![band, page, print.cast_signed()])?;
    }
    Ok(())
}
