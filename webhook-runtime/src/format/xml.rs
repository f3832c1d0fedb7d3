//! XML by `quick-xml`, without what makes XML dangerous.
//!
//! 1. **Accepted** is one root element in UTF-8, with the five entities of XML and references to characters.
//! 2. **Refused** are document types, so that there is no entity to expand and nothing to fetch; more than sixty-four
//!    levels, sixty-four attributes or prefixes at a time, 65,536 elements.
//! 3. **Trap**: names are compared with their namespace where something is decided, and without it in payloads.

use std::collections::hash_map::{Entry, HashMap};
use std::sync::Arc;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};

use crate::format::TEXT;

/// Shared, since many elements are in one, and its text may be long.
pub(crate) type Namespace = Arc<str>;

/// An element with what is in it.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// Empty where it has none.
    pub(crate) namespace: Namespace,
    /// Without its prefix.
    pub(crate) name: String,
    /// By name without prefix; declarations of namespaces are none.
    attributes: Vec<Attribute>,
    pub(crate) children: Vec<Element>,
    /// The texts between its children, one after the other.
    pub(crate) text: String,
}

#[derive(Debug)]
struct Attribute {
    namespace: Namespace,
    name: String,
    value: String,
}

/// Is this a content type of XML in UTF-8? Another charset would be read as something that was not written.
pub(crate) fn is_xml_type(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let xml = matches!(essence.as_str(), "application/xml" | "text/xml")
        || (essence.contains('/') && essence.ends_with("+xml"));
    xml && super::utf8(content_type)
}

/// Parses a document to its root element.
pub(crate) fn parse(body: &[u8]) -> Result<Element, &'static str> {
    let text = std::str::from_utf8(body).map_err(|_| "is not XML in UTF-8")?;
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    reader.config_mut().check_comments = true;
    reader.config_mut().expand_empty_elements = true;
    let mut document = Document::default();
    loop {
        match reader.read_event().map_err(|_| NOT_XML)? {
            Event::Start(start) => document.open(&start)?,
            Event::End(_) => document.close()?,
            Event::Text(text) => document.add(&text.xml10_content())?,
            Event::CData(text) if !document.open.is_empty() => document.add(&text.xml10_content())?,
            Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|_| NOT_XML)? {
                Some(character) if is_character(character) => document.add(character.encode_utf8(&mut [0; 4]))?,
                Some(_) => return Err(NOT_XML),
                None => {
                    let known = resolve_predefined_entity(&reference.xml10_content());
                    document.add(known.ok_or("has an entity that XML does not define")?)?;
                }
            },
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().transpose().map_err(|_| NOT_XML)?;
                if encoding.is_some_and(|it| !it.eq_ignore_ascii_case("utf-8")) {
                    return Err("is not XML in UTF-8");
                }
            }
            Event::DocType(_) => return Err("has a document type, which is not taken"),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => return document.finish(),
            Event::Empty(_) | Event::CData(_) => return Err(NOT_XML),
        }
    }
}

/// A document as far as it was read.
#[derive(Default)]
struct Document {
    root: Option<Element>,
    /// The elements that are not closed yet, from the root inwards.
    open: Vec<Element>,
    /// What prefixes stand for, each with the depth of its element. The last of a name counts.
    prefixes: Vec<(usize, String, Namespace)>,
    elements: usize,
}

impl Document {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), &'static str> {
        self.elements += 1;
        if self.elements > MOST_ELEMENTS {
            return Err("has more elements than are taken");
        }
        if self.open.len() >= MOST_LEVELS {
            return Err("is nested deeper than is taken");
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(NOT_XML);
        }
        let depth = self.open.len();
        let mut attributes = Vec::new();
        for (index, attribute) in start.attributes().enumerate() {
            // Repeated ones are looked for among those before: few, so that this ends soon.
            if index >= MOST_ATTRIBUTES {
                return Err("has more attributes at an element than are taken");
            }
            let attribute = attribute.map_err(|_| NOT_XML)?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| NOT_XML)?.into_owned();
            match declared(attribute.key.as_ref()) {
                Some(prefix) => self.prefixes.push((depth, prefix.to_owned(), value.into())),
                None => attributes.push((attribute.key.as_ref().to_owned(), value)),
            }
        }
        if self.prefixes.len() > MOST_PREFIXES {
            return Err("has more namespaces than are taken");
        }
        let (namespace, name) = self.resolve(start.name().as_ref(), true)?;
        let attributes = attributes.into_iter().map(|(name, value)| {
            let (namespace, name) = self.resolve(&name, false)?;
            Ok(Attribute { namespace, name, value })
        });
        let attributes = attributes.collect::<Result<_, &'static str>>()?;
        self.open.push(Element { namespace, name, attributes, ..Element::default() });
        Ok(())
    }

    /// Namespace and name of a qualified name. One without prefix is in the default namespace, if it is an element's.
    fn resolve(&self, name: &str, by_default: bool) -> Result<(Namespace, String), &'static str> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if local.is_empty() || local.contains(':') || (prefix.is_empty() && name.starts_with(':')) {
            return Err(NOT_XML);
        }
        let namespace = match prefix {
            "" if !by_default => Namespace::default(),
            "xml" => "http://www.w3.org/XML/1998/namespace".into(),
            _ => match self.prefixes.iter().rev().find(|(_, of, _)| of == prefix) {
                Some((_, _, namespace)) => Arc::clone(namespace),
                None if prefix.is_empty() => Namespace::default(),
                None => return Err("has a prefix that stands for no namespace"),
            },
        };
        Ok((namespace, local.to_owned()))
    }

    fn close(&mut self) -> Result<(), &'static str> {
        let element = self.open.pop().ok_or(NOT_XML)?;
        let depth = self.open.len();
        self.prefixes.retain(|(of, ..)| *of < depth);
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn add(&mut self, text: &str) -> Result<(), &'static str> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(NOT_XML),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, &'static str> {
        if self.open.is_empty() { self.root.ok_or(NOT_XML) } else { Err(NOT_XML) }
    }
}

/// The document with another text in its first element of this name, whatever its prefix; nothing where there is none.
/// For what is sent, and not for what was received: comments and the like are not told from elements.
pub(crate) fn with_text(document: &str, name: &str, text: &str) -> Option<String> {
    let mut from = 0;
    while let Some(found) = document.get(from..)?.find(name) {
        let (start, end) = (from + found, from + found + name.len());
        let prefix = document.get(..start)?.rsplit('<').next()?;
        let is_element = prefix.is_empty()
            || (prefix.ends_with(':') && prefix.find(|it| ": />".contains(it)) == Some(prefix.len() - 1));
        let rest = document.get(end..)?;
        if is_element && document.get(..start)?.contains('<') && rest.starts_with('>') {
            let close = rest.find("</")?;
            let escaped = quick_xml::escape::escape(text);
            return Some(format!("{}>{escaped}{}", document.get(..end)?, rest.get(close..)?));
        }
        from = end;
    }
    None
}

/// The prefix that an attribute declares; empty for the default namespace.
fn declared(name: &str) -> Option<&str> {
    if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
}

/// What a reference may stand for (XML 1.0, section 2.2).
fn is_character(it: char) -> bool {
    matches!(it, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..) && it != '\u{fffe}' && it != '\u{ffff}'
}

impl Element {
    /// The element and all that are in it.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Element> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            waiting.extend(&next.children);
            Some(next)
        })
    }

    /// What a handler gets for it. An element that has a text alone is a string, one with `xsi:nil` is null; any other is
    /// an object of its children by name, a list where a name is there more than once, of its attributes as `@name`, and
    /// of its text as `$text`.
    pub(crate) fn into_value(self) -> Value {
        if self.attributes.iter().any(Attribute::is_nil) {
            return Value::Null;
        }
        if self.attributes.is_empty() && self.children.is_empty() {
            return Value::String(self.text);
        }
        let mut fields: Vec<(String, Vec<Value>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let attributes = self.attributes.into_iter().map(|it| (format!("@{}", it.name), Value::String(it.value)));
        let children = self.children.into_iter().map(|it| (it.name.clone(), it.into_value()));
        for (name, value) in attributes.chain(children) {
            match places.entry(name) {
                Entry::Occupied(place) => {
                    if let Some((_, values)) = fields.get_mut(*place.get()) {
                        values.push(value);
                    }
                }
                Entry::Vacant(place) => {
                    fields.push((place.key().clone(), vec![value]));
                    place.insert(fields.len() - 1);
                }
            }
        }
        let mut map: Map<String, Value> = fields
            .into_iter()
            .map(|(name, mut values)| match values.len() {
                1 => (name, values.pop().unwrap_or_default()),
                _ => (name, Value::Array(values)),
            })
            .collect();
        if !self.text.trim().is_empty() {
            map.insert(TEXT.to_owned(), Value::String(self.text));
        }
        Value::Object(map)
    }
}

impl Attribute {
    fn is_nil(&self) -> bool {
        &*self.namespace == "http://www.w3.org/2001/XMLSchema-instance"
            && self.name == "nil"
            && matches!(self.value.trim(), "true" | "1")
    }
}

const NOT_XML: &str = "is not well-formed XML";

const MOST_LEVELS: usize = 64;
const MOST_ATTRIBUTES: usize = 64;
const MOST_PREFIXES: usize = 64;
const MOST_ELEMENTS: usize = 65_536;

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::{is_xml_type, parse};

    fn check(document: &str, expected: &str) {
        let value = parse(document.as_bytes()).map(super::Element::into_value);
        match expected.strip_prefix("refused: ") {
            Some(problem) => assert_eq!(value, Err(problem), "{document:.200}"),
            None => assert_eq!(value, Ok(serde_json::Value::from_str(expected).unwrap()), "{document:.200}"),
        }
    }

    #[test]
    fn an_element_is_a_text_an_object_or_null() {
        check("<a>x &amp; &#x41;<![CDATA[<b>]]></a>", r#""x & A<b>""#);
        check("<a/>", r#""""#);
        check("<?xml version='1.0' encoding='UTF-8'?>\n<a><b>1</b><c/><b>2</b></a>\n", r#"{"b":["1","2"],"c":""}"#);
        check("<a x='1 &lt; 2'>t<b/>u</a>", r#"{"@x":"1 < 2","b":"","$text":"tu"}"#);
        check("<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><b i:nil='true'/></a>", r#"{"b":null}"#);
        check("<p:a xmlns:p='n'><p:b>1</p:b><!-- c --><?d e?></p:a>", r#"{"b":"1"}"#);
    }

    #[test]
    fn the_text_of_an_element_is_written_over() {
        let check = |document: &str, expected: Option<&str>| {
            assert_eq!(super::with_text(document, "Id", "a<b").as_deref(), expected, "{document}");
        };
        check("<a><Id>1</Id><Id>2</Id></a>", Some("<a><Id>a&lt;b</Id><Id>2</Id></a>"));
        check("<a><o:OrgId>1</o:OrgId><o:Id></o:Id></a>", Some("<a><o:OrgId>1</o:OrgId><o:Id>a&lt;b</o:Id></a>"));
        check("<a>Id></a>", None);
        check("<a><Ids>1</Ids></a>", None);
    }

    #[test]
    fn a_name_is_in_the_namespace_of_its_prefix_where_it_stands() {
        let root = parse(b"<a xmlns='one' xmlns:p='two'><p:b xmlns:p='three'/><p:c/><d xmlns=''/></a>").unwrap();
        let names: Vec<_> = root.children.iter().map(|it| format!("{}:{}", it.namespace, it.name)).collect();
        assert_eq!((&*root.namespace, names), ("one", vec!["three:b".into(), "two:c".into(), ":d".into()]));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        const NOT: &str = "refused: is not well-formed XML";
        for document in [
            "",
            " ",
            "text",
            "<a>",
            "</a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>text",
            "text<a/>",
            "<a",
            "<a b></a>",
            "<a b=1/>",
            "<a b='1' b='2'/>",
            "<a>&#0;</a>",
            "<a>&#xFFFFFFFF;</a>",
            "<a><!-- -- --></a>",
            "<:a/>",
            "<a:/>",
            "<a/>&amp;",
            "<![CDATA[x]]><a/>",
        ] {
            check(document, NOT);
        }
        check("<p:a/>", "refused: has a prefix that stands for no namespace");
        check("<a>&b;</a>", "refused: has an entity that XML does not define");
        check("<?xml version='1.0' encoding='latin1'?><a/>", "refused: is not XML in UTF-8");
        assert!(parse(b"<a>\xff</a>").is_err());
    }

    #[test]
    fn a_document_type_is_refused_before_any_entity_of_it() {
        let laughs: String =
            (1..10).map(|level| format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10))).collect();
        check(
            &format!("<!DOCTYPE l [<!ENTITY l0 \"ha\">{laughs}]><a>&l9;</a>"),
            "refused: has a document type, which is not taken",
        );
        check("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "refused: has a document type, which is not taken");
    }

    #[test]
    fn nesting_attributes_prefixes_and_elements_have_a_limit() {
        let nested = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
        let attributes = |count: usize, name: &str| {
            let list: String = (0..count).map(|it| format!(" {name}{it}='x'")).collect();
            format!("<a{list}/>")
        };
        assert!(parse(nested(64).as_bytes()).is_ok());
        assert!(parse(attributes(64, "b").as_bytes()).is_ok());
        assert!(parse(attributes(64, "xmlns:b").as_bytes()).is_ok());
        check(&nested(65), "refused: is nested deeper than is taken");
        check(&nested(1000), "refused: is nested deeper than is taken");
        check(&attributes(65, "b"), "refused: has more attributes at an element than are taken");
        check(&attributes(100_000, "xmlns:b"), "refused: has more attributes at an element than are taken");
        let prefixes = format!("<a xmlns:a='x'>{}</a>", attributes(64, "xmlns:b"));
        check(&prefixes, "refused: has more namespaces than are taken");
        check(&format!("<a>{}</a>", "<b/>".repeat(65_536)), "refused: has more elements than are taken");
    }

    #[test]
    fn xml_is_known_by_its_content_type() {
        for content_type in ["text/xml", "application/xml; charset=utf-8", "Application/SOAP+XML"] {
            assert!(is_xml_type(content_type), "{content_type}");
        }
        for content_type in ["", "xml", "+xml", "text/html", "text/xml; charset=latin1", "application/json"] {
            assert!(!is_xml_type(content_type), "{content_type}");
        }
    }
}
