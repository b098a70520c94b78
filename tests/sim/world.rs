//! A small country of portals in several systems, whose articles are generated and whose figures are known.

use super::{Reply, Sim};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Entries of a feed, and of one page of a list.
const FEED: usize = 20;
const LIST: usize = 20;

/// What a portal is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    NukeViet,
    WordPress,
    Liferay,
    /// Ids of articles in the query.
    DotNet,
    Unknown,
}

#[derive(Debug, Clone)]
pub struct Article {
    pub number: usize,
    pub title: String,
    /// Paragraphs without figures, …
    pub filler: Vec<String>,
    /// … and the figures, each with the sentence around it.
    pub figures: Vec<(String, String)>,
    /// Day of November 2025.
    pub day: u32,
}

#[derive(Debug, Clone)]
pub struct Site {
    pub host: &'static str,
    pub shape: Shape,
    pub articles: Vec<Article>,
}

/// Numbers that look random and are the same each time.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: usize) -> Self {
        Self((seed as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }
}

const WORDS: &[&str] = &[
    "người",
    "dân",
    "địa",
    "phương",
    "tích",
    "cực",
    "tham",
    "gia",
    "phong",
    "trào",
    "xây",
    "dựng",
    "đời",
    "sống",
    "văn",
    "hóa",
    "khu",
    "dân",
    "cư",
    "cán",
    "bộ",
    "đoàn",
    "viên",
    "vận",
    "động",
    "gia",
    "đình",
    "đóng",
    "góp",
    "công",
    "sức",
    "mở",
    "rộng",
    "đường",
    "làng",
    "trồng",
    "hoa",
    "cây",
    "xanh",
    "giữ",
    "gìn",
    "vệ",
    "sinh",
    "môi",
    "trường",
    "trường",
    "học",
    "trạm",
    "y",
    "tế",
    "chợ",
    "nhà",
    "văn",
    "hóa",
    "được",
    "sửa",
    "chữa",
    "khang",
    "trang",
    "niềm",
    "vui",
    "phấn",
    "khởi",
    "bà",
    "con",
    "nông",
    "dân",
    "chăm",
    "sóc",
    "lúa",
    "ngô",
    "rau",
    "màu",
    "vườn",
    "quả",
    "đàn",
    "trâu",
    "bò",
    "lợn",
    "gà",
    "thủy",
    "lợi",
    "kênh",
    "mương",
    "hợp",
    "tác",
    "sản",
    "xuất",
    "kinh",
    "doanh",
    "tiêu",
    "thụ",
    "thị",
];

/// Text without a number, never the same for two seeds.
fn filler(seed: usize, words: usize) -> String {
    let mut dice = Dice::new(seed);
    let mut out: Vec<&str> = Vec::new();
    for _ in 0..words {
        out.push(WORDS[dice.roll(WORDS.len())]);
    }
    let text = out.join(" ");
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default() + "."
}

fn dotted(n: usize) -> String {
    if n < 1000 { n.to_string() } else { format!("{}.{:03}", n / 1000, n % 1000) }
}

impl Article {
    pub fn new(seed: usize, number: usize) -> Self {
        let mut dice = Dice::new(seed + 5000);
        let [ha, money, km] = [1000 + dice.roll(8000), 10 + dice.roll(900), 10 + dice.roll(80)];
        let figures = vec![
            (format!("{} ha", dotted(ha)), format!("Toàn xã gieo trồng {} ha lúa.", dotted(ha))),
            (format!("{money} tỷ đồng"), format!("Tổng vốn đầu tư là {money} tỷ đồng.")),
            (format!("{km} km"), format!("Địa phương đã cứng hóa {km} km đường giao thông.")),
        ];
        let filler = (0..3).map(|i| filler(seed * 10 + i, 45)).collect();
        Self { number, title: filler_title(seed), filler, figures, day: 1 + (number % 12) as u32 }
    }

    pub fn text(&self) -> Vec<String> {
        self.filler.iter().zip(&self.figures).flat_map(|(text, (_, sentence))| [text.clone(), sentence.clone()]).collect()
    }

    /// A figure is corrected.
    pub fn correct(&mut self, to: usize) -> (String, String) {
        let old = self.figures[1].0.clone();
        self.figures[1] = (format!("{to} tỷ đồng"), format!("Tổng vốn đầu tư là {to} tỷ đồng."));
        (old, self.figures[1].0.clone())
    }
}

fn filler_title(seed: usize) -> String {
    filler(seed * 10 + 9, 9).trim_end_matches('.').to_owned()
}

impl Site {
    pub fn new(host: &'static str, shape: Shape, seed: usize, count: usize) -> Self {
        Self { host, shape, articles: (1..=count).map(|n| Article::new(seed + n, n)).collect() }
    }

    /// Path and query of an article.
    pub fn path(&self, number: usize) -> String {
        match self.shape {
            Shape::NukeViet => format!("/vi/news/thoi-su/bai-viet-so-{number}.html"),
            Shape::WordPress => format!("/2025/11/bai-viet-so-{number}/"),
            Shape::Liferay => format!("/web/guest/-/asset_publisher/tin/content/bai-viet-{number}"),
            Shape::DotNet => format!("/chitiet.aspx?cn=12&id={number}"),
            Shape::Unknown => format!("/tin-tuc/bai-viet-{}.htm", 10_000 + number),
        }
    }

    pub fn url(&self, number: usize) -> String {
        format!("http://{}{}", self.host, self.path(number))
    }

    fn list_path(&self, page: usize) -> String {
        match (self.shape, page) {
            (Shape::NukeViet, 1) => "/vi/news/".into(),
            (Shape::NukeViet, p) => format!("/vi/news/page-{p}/"),
            (Shape::WordPress, 1) => "/".into(),
            (Shape::WordPress, p) => format!("/page/{p}/"),
            (Shape::DotNet, 1) => "/tin.aspx?cn=12".into(),
            (Shape::DotNet, p) => format!("/tin.aspx?cn=12&page={p}"),
            (_, 1) => "/tin-tuc".into(),
            (_, p) => format!("/tin-tuc?trang={p}"),
        }
    }

    /// Puts all pages of the site into the simulator.
    pub fn publish(&self, sim: &Sim) {
        for article in &self.articles {
            let html = self.page(article);
            // One in five says that it is in another charset than it is; one in seven comes packed and in chunks.
            let reply = match article.number {
                n if n % 5 == 0 => Reply::of("text/html; charset=iso-8859-1", html.into_bytes()),
                n if n % 7 == 0 => Reply::Packed { media: "text/html".into(), body: html.into_bytes() },
                n if n % 11 == 0 => Reply::Page { media: "text/html; charset=utf-8".into(), body: html.into_bytes(), etag: false },
                _ => Reply::html(html),
            };
            sim.put(self.host, &self.path(article.number), reply);
        }
        let newest: Vec<&Article> = self.articles.iter().rev().collect();
        let pages = newest.chunks(LIST).count();
        for (i, part) in newest.chunks(LIST).enumerate() {
            sim.put(self.host, &self.list_path(i + 1), Reply::html(self.list(part, i + 1, pages)));
        }
        self.feeds(sim, &newest);
    }

    fn feeds(&self, sim: &Sim, newest: &[&Article]) {
        match self.shape {
            Shape::NukeViet => sim.put(self.host, "/rss/", Reply::of("application/rss+xml", self.rss(&newest[..FEED.min(newest.len())]))),
            Shape::WordPress => sim.put(self.host, "/feed/", Reply::of("application/atom+xml", self.atom(&newest[..FEED.min(newest.len())]))),
            Shape::Liferay => {
                let urls: String =
                    newest.iter().map(|a| format!("<url><loc>{}</loc><lastmod>2025-11-{:02}</lastmod></url>", self.url(a.number), a.day)).collect();
                let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                std::io::Write::write_all(&mut gz, format!("<urlset>{urls}</urlset>").as_bytes()).unwrap();
                sim.put(self.host, "/sitemap-tin.xml.gz", Reply::of("application/gzip", gz.finish().unwrap()));
                let index = format!("<sitemapindex><sitemap><loc>http://{}/sitemap-tin.xml.gz</loc></sitemap></sitemapindex>", self.host);
                sim.put(self.host, "/sitemap.xml", Reply::of("application/xml", index));
            }
            _ => {}
        }
    }

    /// With dates as portals write them, and a bare `&`.
    fn rss(&self, articles: &[&Article]) -> String {
        let items: String = articles
            .iter()
            .map(|a| {
                format!("<item><title>{} & tin khác</title><link>{}</link><pubDate>{:02}/11/2025 08:30:00</pubDate></item>", a.title, self.url(a.number), a.day)
            })
            .collect();
        format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Tin & bài</title>{items}</channel></rss>")
    }

    fn atom(&self, articles: &[&Article]) -> String {
        let entries: String = articles
            .iter()
            .map(|a| {
                format!(
                    "<entry><title>{}</title><link href=\"{}?utm_source=feed\"/><updated>2025-11-{:02}T08:30:00+07:00</updated></entry>",
                    a.title,
                    self.url(a.number),
                    a.day
                )
            })
            .collect();
        format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Tin</title>{entries}</feed>")
    }

    pub fn page(&self, a: &Article) -> String {
        let body: String = a.text().iter().fold(String::new(), |mut out, p| {
            let _ = write!(out, "<p>{p}</p>");
            out
        });
        let (head, main) = match self.shape {
            Shape::NukeViet => (
                "<meta name=\"generator\" content=\"NukeViet v4.5\">",
                format!(
                    "<div class=\"news_column\"><h1 class=\"title\">{}</h1><span class=\"h5\">{:02}/11/2025 08:30</span><div id=\"news-bodyhtml\">{body}</div></div>",
                    a.title, a.day
                ),
            ),
            Shape::WordPress => (
                "<meta name=\"generator\" content=\"WordPress 6\">",
                format!("<article><h1 class=\"entry-title\">{}</h1><div class=\"entry-content\">{body}</div></article>", a.title),
            ),
            Shape::Liferay => (
                "",
                format!(
                    "<div class=\"portlet-boundary\"><div class=\"asset-full-content\"><h2 class=\"header-title\">{}</h2><div class=\"journal-content-article\">{body}</div></div></div>",
                    a.title
                ),
            ),
            Shape::DotNet => (
                "",
                format!(
                    "<form id=\"aspnetForm\"><input id=\"__VIEWSTATE\" value=\"x\"><span id=\"ctl_lblTieuDe\">{}</span><div id=\"ctl_lblNoiDung\">{body}</div></form>",
                    a.title
                ),
            ),
            Shape::Unknown => ("", format!("<div class=\"khung\"><h1>{}</h1><div class=\"vung-chu\">{body}</div></div>", a.title)),
        };
        format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{}</title>{head}</head><body><nav><a href=\"/\">Trang chủ</a></nav>{main}<footer>Bản quyền thuộc cổng tin</footer></body></html>",
            a.title
        )
    }

    fn list(&self, articles: &[&Article], page: usize, pages: usize) -> String {
        let head = match self.shape {
            Shape::NukeViet => "<meta name=\"generator\" content=\"NukeViet v4.5\">",
            Shape::WordPress => "<meta name=\"generator\" content=\"WordPress 6\"><link rel=\"alternate\" type=\"application/atom+xml\" href=\"/feed/\">",
            _ => "",
        };
        let item = |a: &&Article| {
            let (path, title) = (self.path(a.number).replace('&', "&amp;"), &a.title);
            match self.shape {
                Shape::NukeViet => format!("<div class=\"news_column\"><h2><a href=\"{path}\">{title}</a></h2></div>"),
                Shape::WordPress => format!("<h2 class=\"entry-title\"><a href=\"{path}?utm_medium=list\">{title}</a></h2>"),
                Shape::DotNet => format!("<div><a id=\"c{}_hlTitle\" href=\"{path}\">{title}</a></div>", a.number),
                _ => format!("<div><a href=\"{path}\">{title}</a></div>"),
            }
        };
        let items: String = articles.iter().map(item).collect();
        let next = if page < pages {
            format!(
                "<ul class=\"pagination\"><li class=\"active\"><a>{page}</a></li><li><a href=\"{}\">{}</a></li></ul>",
                self.list_path(page + 1).replace('&', "&amp;"),
                page + 1
            )
        } else {
            String::new()
        };
        let form = if self.shape == Shape::DotNet { "<form id=\"aspnetForm\"><input id=\"__VIEWSTATE\"></form>" } else { "" };
        format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\">{head}</head><body><nav><a href=\"/gioi-thieu.html\">Giới thiệu chung về cổng tin của tỉnh nhà</a></nav>{form}{items}{next}</body></html>"
        )
    }

    /// Address and quote of each figure that the site has.
    pub fn figures(&self) -> BTreeSet<(String, String)> {
        self.articles.iter().flat_map(|a| a.figures.iter().map(|(quote, _)| (self.url(a.number), quote.clone()))).collect()
    }
}
