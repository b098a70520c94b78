//! Rule files as written: what can be read is read, and every fault is kept with its place.
//!
//! In: the text of a TOML file. Out: [`RawRule`]s whose fields have the right types and know their bytes, and
//! diagnostics. Never: a rule that lacks a required field, or a stop at the first fault.

use super::class::{Class, Field, Type};
use super::diagnostic::Diagnostic;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with the bytes where it stands.
#[derive(Debug, Clone)]
pub struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

#[derive(Debug, Clone)]
pub enum Value {
    Text(At<String>),
    Number(i64),
    Bool(bool),
    List(Vec<At<String>>),
    Names { vi: String, en: String },
}

/// An example or a near miss.
#[derive(Debug, Clone)]
pub struct RawCase {
    pub span: Range<usize>,
    pub text: String,
    pub published: Option<String>,
    /// The expected record, for examples.
    pub expect: Option<At<Expect>>,
    /// Known gap: not yet handled.
    pub pending: bool,
}

/// The whole record that an example gives. What is not written is the default.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub quote: String,
    pub kind: String,
    pub amount: String,
    pub upper: Option<String>,
    pub of: Option<String>,
    pub unit: String,
    #[serde(default = "exact")]
    pub qualifier: String,
    #[serde(default = "none")]
    pub change: String,
    #[serde(default = "actual")]
    pub status: String,
    pub subject: Option<String>,
    pub basis: Option<String>,
    pub place: Option<String>,
    pub period: Option<ExpectPeriod>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectPeriod {
    pub start: Option<String>,
    pub end: Option<String>,
}

fn exact() -> String {
    "exact".into()
}

fn none() -> String {
    "none".into()
}

fn actual() -> String {
    "actual".into()
}

/// One `[[rule]]`.
#[derive(Debug, Clone)]
pub struct RawRule {
    pub file: usize,
    pub class: Class,
    pub id: At<String>,
    pub fields: BTreeMap<String, Value>,
    pub examples: Vec<RawCase>,
    pub near_misses: Vec<RawCase>,
}

impl RawRule {
    pub fn text(&self, key: &str) -> &str {
        match self.fields.get(key) {
            Some(Value::Text(t)) => &t.value,
            _ => "",
        }
    }

    pub fn list(&self, key: &str) -> &[At<String>] {
        match self.fields.get(key) {
            Some(Value::List(l)) => l,
            _ => &[],
        }
    }

    pub fn number(&self, key: &str) -> i64 {
        match self.fields.get(key) {
            Some(Value::Number(n)) => *n,
            _ => 0,
        }
    }

    pub fn flag(&self, key: &str) -> bool {
        matches!(self.fields.get(key), Some(Value::Bool(true)))
    }

    pub fn names(&self) -> (&str, &str) {
        match self.fields.get("name") {
            Some(Value::Names { vi, en }) => (vi, en),
            _ => ("", ""),
        }
    }
}

/// Reads one file.
pub fn read(file: usize, name: &str, text: &str, out: &mut Vec<RawRule>, diagnostics: &mut Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    for e in &errors {
        let span = e.span().unwrap_or(0..0);
        diagnostics.push(
            Diagnostic::error("toml-syntax", name, span, format!("this is no TOML: {}", e.message()))
                .label("here")
                .help("strings stand in quotes, lists in [ ], and each [[rule]] begins a new rule"),
        );
    }
    if errors.is_empty() {
        let mut reader = Reader { file, name, diagnostics };
        reader.file(table.get_ref(), out);
    }
}

struct Reader<'a> {
    file: usize,
    name: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn fault(&mut self, code: &'static str, span: Range<usize>, message: String, label: &str, help: String) {
        self.diagnostics.push(Diagnostic::error(code, self.name, span, message).label(label).help(help));
    }

    fn file(&mut self, table: &DeTable<'_>, out: &mut Vec<RawRule>) {
        let class = self.class(table);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "class" | "family" | "title" => {}
                "rule" => {
                    if let Some(class) = class {
                        self.rules(class, value, out);
                    }
                }
                other => {
                    let help = format!("a rule file has `class`, `family`, `title` and `[[rule]]`; {}", nearest(other, &["class", "family", "title", "rule"]));
                    self.fault("unknown-key", key.span(), format!("a rule file has no key `{other}`"), "unknown key", help);
                }
            }
        }
    }

    fn class(&mut self, table: &DeTable<'_>) -> Option<Class> {
        let known = || Class::ALL.map(Class::name).join(", ");
        let Some((_, value)) = table.iter().find(|(k, _)| k.get_ref() == "class") else {
            self.fault(
                "missing-key",
                0..0,
                "the file does not say which class its rules are of".into(),
                "expected `class = \"…\"`",
                format!("begin the file with class = \"…\", one of: {}", known()),
            );
            return None;
        };
        let class = value.get_ref().as_str().and_then(Class::from_name);
        if class.is_none() {
            self.fault("unknown-class", value.span(), "no such class of rules".into(), "unknown class", format!("use one of: {}", known()));
        }
        class
    }

    fn rules(&mut self, class: Class, value: &Spanned<DeValue<'_>>, out: &mut Vec<RawRule>) {
        let Some(array) = value.get_ref().as_array() else {
            self.fault("wrong-type", value.span(), "`rule` is no list".into(), "expected [[rule]]", "write each rule below its own [[rule]]".into());
            return;
        };
        for item in array {
            match item.get_ref().as_table() {
                Some(table) => out.extend(self.rule(class, table, item.span())),
                None => self.fault("wrong-type", item.span(), "a rule is a table".into(), "expected [[rule]]", "write each rule below its own [[rule]]".into()),
            }
        }
    }

    fn rule(&mut self, class: Class, table: &DeTable<'_>, span: Range<usize>) -> Option<RawRule> {
        let before = self.diagnostics.len();
        let allowed: Vec<Field> = Class::COMMON.iter().copied().chain(class.fields()).collect();
        let mut rule = RawRule {
            file: self.file,
            class,
            id: At { value: String::new(), span: span.clone() },
            fields: BTreeMap::new(),
            examples: Vec::new(),
            near_misses: Vec::new(),
        };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match allowed.iter().find(|f| f.key == name) {
                Some(field) => self.field(*field, value, &mut rule),
                None => {
                    let keys: Vec<&str> = allowed.iter().map(|f| f.key).collect();
                    self.fault(
                        "unknown-key",
                        key.span(),
                        format!("a rule of class `{}` has no key `{name}`", class.name()),
                        "unknown key",
                        nearest(name, &keys),
                    );
                }
            }
        }
        for field in allowed.iter().filter(|f| f.required && !table.iter().any(|(k, _)| k.get_ref() == f.key)) {
            self.fault("missing-key", span.clone(), format!("the rule has no `{}`", field.key), "in this rule", format!("add {}", example_of(*field)));
        }
        (self.diagnostics.len() == before).then_some(rule)
    }

    fn field(&mut self, field: Field, value: &Spanned<DeValue<'_>>, rule: &mut RawRule) {
        if field.kind == Type::Cases {
            let cases = self.cases(value, field.key == "example");
            if field.key == "example" {
                rule.examples = cases
            } else {
                rule.near_misses = cases
            }
            return;
        }
        let Some(read) = self.value(field, value) else {
            return;
        };
        if let (Value::Text(text), true) = (&read, field.key == "id") {
            rule.id = text.clone();
        }
        rule.fields.insert(field.key.to_owned(), read);
    }

    fn value(&mut self, field: Field, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        let span = value.span();
        let wrong = |this: &mut Self, want: &str| {
            this.fault("wrong-type", span.clone(), format!("`{}` must be {want}", field.key), "wrong type", format!("write {}", example_of(field)));
            None
        };
        match (field.kind, value.get_ref()) {
            (Type::Text, DeValue::String(s)) => Some(Value::Text(At { value: s.to_string(), span })),
            (Type::Text, _) => wrong(self, "a string"),
            (Type::OneOf(choices), DeValue::String(s)) if choices.contains(&s.as_ref()) => Some(Value::Text(At { value: s.to_string(), span })),
            (Type::OneOf(choices), _) => wrong(self, &format!("one of {}", choices.join(", "))),
            (Type::Number, DeValue::Integer(i)) => i64::from_str_radix(i.as_str(), i.radix()).ok().map(Value::Number),
            (Type::Number, _) => wrong(self, "a whole number"),
            (Type::Bool, DeValue::Boolean(b)) => Some(Value::Bool(*b)),
            (Type::Bool, _) => wrong(self, "true or false"),
            (Type::Phrases | Type::Texts, DeValue::Array(items)) => self.list(field, items),
            (Type::Phrases | Type::Texts, _) => wrong(self, "a list of strings"),
            (Type::Names, DeValue::Table(t)) => self.names(t, span),
            (Type::Names, _) => wrong(self, "a table of a Vietnamese and an English name"),
            (Type::Cases, _) => None,
        }
    }

    fn list(&mut self, field: Field, items: &[Spanned<DeValue<'_>>]) -> Option<Value> {
        let mut out = Vec::new();
        for item in items {
            match item.get_ref().as_str() {
                Some(s) => out.push(At { value: s.to_owned(), span: item.span() }),
                None => self.fault("wrong-type", item.span(), format!("`{}` holds strings", field.key), "no string", format!("write {}", example_of(field))),
            }
        }
        (out.len() == items.len()).then_some(Value::List(out))
    }

    fn names(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Option<Value> {
        let get = |key: &str| table.iter().find(|(k, _)| k.get_ref() == key).and_then(|(_, v)| v.get_ref().as_str()).map(str::to_owned);
        match (get("vi"), get("en")) {
            (Some(vi), Some(en)) => Some(Value::Names { vi, en }),
            _ => {
                self.fault("missing-key", span, "the name must be given in both languages".into(), "here", "write name = { vi = \"…\", en = \"…\" }".into());
                None
            }
        }
    }

    fn cases(&mut self, value: &Spanned<DeValue<'_>>, example: bool) -> Vec<RawCase> {
        let Some(array) = value.get_ref().as_array() else {
            self.fault("wrong-type", value.span(), "examples and near misses are lists".into(), "here", "write [[rule.example]] or [[rule.near_miss]]".into());
            return Vec::new();
        };
        array.iter().filter_map(|item| self.case(item, example)).collect()
    }

    fn case(&mut self, item: &Spanned<DeValue<'_>>, example: bool) -> Option<RawCase> {
        let table = item.get_ref().as_table()?;
        let keys: &[&str] = if example { &["text", "published", "expect", "pending"] } else { &["text", "published", "why", "pending"] };
        for (key, _) in table {
            let name = key.get_ref().as_ref();
            if !keys.contains(&name) {
                self.fault("unknown-key", key.span(), format!("a case has no key `{name}`"), "unknown key", nearest(name, keys));
            }
        }
        let get = |key: &str| table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, v)| v);
        let Some(text) = get("text").and_then(|v| v.get_ref().as_str()) else {
            self.fault("missing-key", item.span(), "the case has no `text`".into(), "in this case", "add text = \"…\"".into());
            return None;
        };
        let expect = match get("expect") {
            Some(value) => Some(self.expect(value)?),
            None if example => {
                self.fault(
                    "missing-key",
                    item.span(),
                    "the example does not say what it gives".into(),
                    "in this example",
                    "add expect = { quote = \"…\", kind = \"…\", amount = \"…\", unit = \"…\" }".into(),
                );
                return None;
            }
            None => None,
        };
        let published = get("published").and_then(|v| v.get_ref().as_str()).map(str::to_owned);
        let pending = get("pending").is_some_and(|v| v.get_ref().as_bool() == Some(true));
        Some(RawCase { span: item.span(), text: text.to_owned(), published, expect, pending })
    }

    fn expect(&mut self, value: &Spanned<DeValue<'_>>) -> Option<At<Expect>> {
        let span = value.span();
        let read = <Expect as serde::Deserialize>::deserialize(toml::de::ValueDeserializer::from(value.clone()));
        match read {
            Ok(expect) => Some(At { value: expect, span }),
            Err(e) => {
                let at = e.span().unwrap_or(span);
                self.fault(
                    "bad-expect",
                    at,
                    format!("the expected record cannot be read: {}", e.message()),
                    "here",
                    "fields: quote kind amount upper of unit qualifier change status subject basis place period = { start, end }".into(),
                );
                None
            }
        }
    }
}

/// How a field is written.
fn example_of(field: Field) -> String {
    let key = field.key;
    match field.kind {
        Type::Text => format!("{key} = \"…\""),
        Type::OneOf(choices) => format!("{key} = \"{}\" (or another of {})", choices[0], choices.join(", ")),
        Type::Number => format!("{key} = 3"),
        Type::Bool => format!("{key} = true"),
        Type::Phrases | Type::Texts => format!("{key} = [\"…\", \"…\"]"),
        Type::Names => format!("{key} = {{ vi = \"…\", en = \"…\" }}"),
        Type::Cases => format!("[[rule.{key}]]"),
    }
}

/// "did you mean …", or the list of what is allowed.
fn nearest(word: &str, known: &[&str]) -> String {
    let best = known.iter().map(|k| (strsim::levenshtein(word, k), *k)).min();
    match best {
        Some((d, k)) if d <= 2 => format!("did you mean `{k}`?"),
        _ => format!("use one of: {}", known.join(", ")),
    }
}
