//! What the check refuses and, above all, what it does not: types of every form that serde knows, each with a second
//! opinion that looks at the decoded value alone.

use std::collections::BTreeMap;
use std::fmt::Debug;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::Constraints;
use crate::format::Content;

/// A payload that knows whether it keeps to what was written for it.
trait Payload: DeserializeOwned + JsonSchema + Debug {
    fn is_allowed(&self) -> bool;

    /// Is everything that was written checked in this body? Not where a field came under its alias, or where no tag
    /// tells the alternative.
    fn is_certain(_: &Value) -> bool {
        true
    }
}

/// Makes a value of a body.
type Make = fn(&mut Dice) -> Value;

/// Numbers that differ and repeat: no body depends on the run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one_of(&mut self, values: &[Value]) -> Value {
        values[self.roll(values.len())].clone()
    }

    fn number(&mut self) -> Value {
        self.one_of(&[json!(0), json!(1), json!(2), json!(3), json!(4), json!(5), json!(9), json!(2.5), json!(-1)])
    }

    fn text(&mut self) -> Value {
        self.one_of(&[json!(""), json!("A"), json!("AB"), json!("ABC"), json!("abcd"), json!("é"), json!("a@b.c")])
    }

    fn any(&mut self) -> Value {
        match self.roll(5) {
            0 => Value::Null,
            1 => self.number(),
            2 => self.text(),
            3 => json!([self.number(), self.number()]),
            _ => json!({"x": self.number(), "name": self.text()}),
        }
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Value) -> Value {
        (0..self.roll(4)).map(|_| item(self)).collect()
    }

    /// An object of some of these fields.
    fn object(&mut self, fields: &[(&str, Make)]) -> Value {
        let there: Vec<_> = fields.iter().filter(|_| self.roll(8) > 0).collect();
        Value::Object(there.into_iter().map(|(name, value)| ((*name).to_owned(), value(self))).collect())
    }
}

fn constraints<T: JsonSchema>() -> Constraints {
    Constraints::of(|generator| Some(generator.subschema_for::<T>())).unwrap()
}

/// Bodies of this form are accepted where serde accepts them and nothing written forbids them, and refused where
/// something does. Both must happen.
fn property<T: Payload>(body: impl Fn(&mut Dice) -> Value) {
    let constraints = constraints::<T>();
    let mut dice = Dice(1);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..6_000 {
        let body = body(&mut dice);
        let Ok(decoded) = serde_json::from_value::<T>(body.clone()) else { continue };
        let found = constraints.violations(&Bytes::from(body.to_string()), &Content::Json);
        if decoded.is_allowed() {
            assert!(found.is_empty(), "{body} is {decoded:?}, and was refused: {found:?}");
            accepted += 1;
        } else if T::is_certain(&body) {
            assert!(!found.is_empty(), "{body} is {decoded:?}, and was accepted");
            refused += 1;
        }
    }
    assert!(accepted > 100 && refused > 100, "{accepted} accepted, {refused} refused");
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Order {
    #[schemars(range(min = 0.0, max = 5.0))]
    amount: f64,
    #[serde(alias = "qty")]
    #[schemars(range(min = 2))]
    quantity: u32,
    #[serde(default)]
    #[schemars(length(max = 2))]
    name: String,
    #[schemars(length(min = 2))]
    note: Option<String>,
    #[serde(default)]
    #[schemars(length(max = 2), inner(range(max = 4)))]
    numbers: Vec<i64>,
    pair: Option<(Item, u8)>,
    #[serde(flatten)]
    more: More,
}

#[allow(dead_code, reason = "some is decoded and never read")]
#[derive(Debug, Deserialize, JsonSchema)]
struct More {
    #[serde(default, alias = "zip")]
    item: Option<Item>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Item <of/all>")]
struct Item {
    #[schemars(range(max = 3))]
    x: f64,
}

impl Item {
    fn is_allowed(&self) -> bool {
        self.x <= 3.0
    }
}

impl Payload for Order {
    fn is_allowed(&self) -> bool {
        let items = self.more.item.iter().chain(self.pair.iter().map(|(item, _)| item));
        (0.0..=5.0).contains(&self.amount)
            && self.quantity >= 2
            && self.name.chars().count() <= 2
            && self.note.as_ref().is_none_or(|it| it.chars().count() >= 2)
            && self.numbers.len() <= 2
            && self.numbers.iter().all(|it| *it <= 4)
            && items.into_iter().all(Item::is_allowed)
    }

    fn is_certain(body: &Value) -> bool {
        let list_for_struct = body.get("item").is_some_and(Value::is_array)
            || body.get("pair").is_some_and(|it| it.get(0).is_some_and(Value::is_array));
        body.get("qty").is_none() && body.get("zip").is_none() && !list_for_struct
    }
}

fn item(dice: &mut Dice) -> Value {
    match dice.roll(6) {
        0 => json!([dice.number()]),
        _ => json!({"x": dice.number()}),
    }
}

#[test]
fn structs_with_aliases_defaults_and_flattened_parts() {
    property::<Order>(|dice| {
        dice.object(&[
            ("amount", Dice::number),
            ("quantity", Dice::number),
            ("qty", |dice| if dice.roll(4) == 0 { Value::Null } else { dice.number() }),
            ("name", Dice::text),
            ("note", Dice::text),
            ("numbers", |dice| dice.list(Dice::number)),
            ("pair", |dice| json!([item(dice), 1])),
            ("item", item),
            ("zip", item),
            ("other", Dice::any),
        ])
        .as_object()
        .map(|map| {
            // Both the field and its alias are an error of serde: one of them goes.
            let mut map: Map<String, Value> = map.clone();
            if dice.roll(4) > 0 {
                map.remove("qty")
            } else {
                map.remove("quantity")
            };
            if dice.roll(3) > 0 {
                map.remove("zip")
            } else {
                map.remove("item")
            };
            Value::Object(map)
        })
        .unwrap_or_default()
    });
}

#[allow(dead_code, reason = "some is decoded and never read")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type")]
enum Internal {
    #[serde(alias = "also_a")]
    A {
        #[schemars(range(max = 2))]
        x: f64,
        #[serde(default)]
        name: String,
    },
    B(Item),
    C {
        x: f64,
        #[serde(default)]
        #[schemars(length(max = 1))]
        name: String,
    },
    D,
}

impl Payload for Internal {
    fn is_allowed(&self) -> bool {
        match self {
            Self::A { x, .. } => *x <= 2.0,
            Self::B(item) => item.is_allowed(),
            Self::C { name, .. } => name.chars().count() <= 1,
            Self::D => true,
        }
    }

    fn is_certain(body: &Value) -> bool {
        body["type"] != "also_a"
    }
}

#[test]
fn an_internal_tag_says_which_variant_counts() {
    property::<Internal>(|dice| {
        dice.object(&[
            ("type", |dice| dice.one_of(&[json!("A"), json!("also_a"), json!("B"), json!("C"), json!("D")])),
            ("x", Dice::number),
            ("name", Dice::text),
        ])
    });
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Holder {
    /// With a tag beside its content.
    adjacent: Option<Adjacent>,
    #[serde(default)]
    external: Vec<External>,
    #[serde(default)]
    map: BTreeMap<String, Item>,
    #[serde(default)]
    numbered: BTreeMap<u32, External>,
    #[serde(flatten)]
    flat: Internal,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    A(#[schemars(range(max = 2))] f64),
    B(Item),
}

#[derive(Debug, Deserialize, JsonSchema)]
enum External {
    #[serde(alias = "alias")]
    A(#[schemars(range(max = 2))] f64),
    B {
        #[schemars(length(max = 1))]
        name: String,
    },
    C,
}

impl External {
    fn is_allowed(&self) -> bool {
        match self {
            Self::A(x) => *x <= 2.0,
            Self::B { name } => name.chars().count() <= 1,
            Self::C => true,
        }
    }
}

impl Payload for Holder {
    fn is_allowed(&self) -> bool {
        let adjacent = match &self.adjacent {
            Some(Adjacent::A(x)) => *x <= 2.0,
            Some(Adjacent::B(item)) => item.is_allowed(),
            None => true,
        };
        adjacent
            && self.external.iter().chain(self.numbered.values()).all(External::is_allowed)
            && self.map.values().all(Item::is_allowed)
            && self.flat.is_allowed()
    }

    fn is_certain(body: &Value) -> bool {
        // Structs that came as lists, and variants under an alias, are at no place of the schema.
        let text = body.to_string();
        !text.contains("alias") && !text.contains("also_a") && !text.contains(":[[") && !text.contains("[\"")
    }
}

fn external(dice: &mut Dice) -> Value {
    match dice.roll(5) {
        0 => json!({"alias": dice.number()}),
        1 => json!("C"),
        2 => json!({"C": null}),
        3 => json!({"B": {"name": dice.text()}}),
        _ => json!({"A": dice.number()}),
    }
}

#[test]
fn tags_beside_and_around_maps_and_flattened_variants() {
    property::<Holder>(|dice| {
        dice.object(&[
            ("type", |dice| dice.one_of(&[json!("A"), json!("also_a"), json!("C"), json!("D")])),
            ("x", Dice::number),
            ("name", Dice::text),
            ("adjacent", |dice| match dice.roll(3) {
                0 => json!({"t": "A", "c": dice.number()}),
                1 => json!({"t": "B", "c": {"x": dice.number()}}),
                _ => Value::Null,
            }),
            ("external", |dice| dice.list(external)),
            ("map", |dice| json!({"k": {"x": dice.number()}, "l": {"x": 1}})),
            ("numbered", |dice| json!({"7": external(dice)})),
        ])
    });
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum OneOrMany {
    One(Item),
    Many(#[schemars(length(max = 2))] Vec<Item>),
    Word(#[schemars(length(min = 2))] String),
    Nothing,
}

impl Payload for OneOrMany {
    fn is_allowed(&self) -> bool {
        match self {
            Self::One(item) => item.is_allowed(),
            Self::Many(items) => items.len() <= 2 && items.iter().all(Item::is_allowed),
            Self::Word(word) => word.chars().count() >= 2,
            Self::Nothing => true,
        }
    }

    fn is_certain(body: &Value) -> bool {
        // `[5]` is an item too.
        !body.as_array().is_some_and(|it| it.iter().any(|it| it.is_number()))
            && !body.as_array().is_some_and(|it| it.iter().any(Value::is_array))
    }
}

#[test]
fn the_kind_of_a_value_tells_alternatives_apart() {
    assert_eq!(constraints::<OneOrMany>().undecided(), [""; 0]);
    property::<OneOrMany>(|dice| match dice.roll(5) {
        0 => dice.text(),
        1 => json!({"x": dice.number()}),
        2 => dice.list(Dice::number),
        3 => Value::Null,
        _ => dice.list(item),
    });
}

/// Any of these takes a body of the other, since each has an alias.
#[allow(dead_code, reason = "some is decoded and never read")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Doubtful {
    A {
        #[serde(alias = "id")]
        #[schemars(range(max = 2))]
        x: f64,
        n: f64,
    },
    B {
        #[schemars(range(max = 4))]
        x: f64,
        #[serde(default)]
        #[schemars(range(max = 1))]
        id: f64,
    },
}

impl Payload for Doubtful {
    fn is_allowed(&self) -> bool {
        match self {
            Self::A { x, n: _ } => *x <= 2.0,
            Self::B { x, id } => *x <= 4.0 && *id <= 1.0,
        }
    }

    fn is_certain(body: &Value) -> bool {
        // Only what breaks a constraint of each is refused.
        body["x"].as_f64().is_some_and(|it| it > 4.0)
    }
}

#[test]
fn where_several_alternatives_could_be_meant_only_what_breaks_each_is_refused() {
    assert_eq!(constraints::<Doubtful>().undecided(), [""]);
    property::<Doubtful>(|dice| dice.object(&[("x", Dice::number), ("id", Dice::number), ("n", Dice::number)]));
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Tree {
    Leaf(#[schemars(range(max = 3))] f64),
    Not { of: Box<Tree> },
    Negated { of: Box<Tree> },
    Same(Box<Tree>),
}

impl Payload for Tree {
    fn is_allowed(&self) -> bool {
        match self {
            Self::Leaf(x) => *x <= 3.0,
            Self::Not { of } | Self::Negated { of } | Self::Same(of) => of.is_allowed(),
        }
    }
}

fn tree(dice: &mut Dice) -> Value {
    if dice.roll(3) == 0 { dice.number() } else { json!({"of": tree(dice)}) }
}

#[test]
fn types_that_hold_themselves_are_checked_to_their_leaves() {
    property::<Tree>(tree);
    let deep = format!("{}9{}", r#"{"of":"#.repeat(120), "}".repeat(120));
    let found = constraints::<Tree>().violations(&deep.into(), &Content::Json);
    assert_eq!(found.len(), 1, "and without trying each combination of the forms");
}

#[allow(dead_code, reason = "some is decoded and never read")]
#[derive(Debug, Deserialize, JsonSchema)]
struct Rules {
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 9, "multipleOf" = 2))]
    number: Option<i64>,
    #[schemars(pattern(r"^[A-Z]{2}$"))]
    pattern: Option<String>,
    #[schemars(pattern(r"^(?=.*B)A"))]
    lookahead: Option<String>,
    #[schemars(contains(pattern = "ab"))]
    contains: Option<String>,
    #[schemars(length(min = 1, max = 2))]
    length: Option<String>,
    #[schemars(length(min = 1, max = 2), extend("uniqueItems" = true))]
    list: Option<Vec<u8>>,
    #[schemars(extend("const" = "EUR"))]
    currency: Option<String>,
    #[schemars(email)]
    email: Option<String>,
    #[schemars(url)]
    url: Option<String>,
    #[schemars(ip)]
    ip: Option<String>,
    #[schemars(extend("minProperties" = 1, "maxProperties" = 2))]
    map: Option<BTreeMap<Key, u8>>,
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
struct Key(#[schemars(pattern(r"^k"))] String);

#[test]
fn every_kind_of_constraint_refuses_and_says_where() {
    let constraints = constraints::<Rules>();
    let check = |body: Value, expected: &[&str]| {
        assert!(serde_json::from_value::<Rules>(body.clone()).is_ok(), "{body}");
        let found = constraints.violations(&body.to_string().into(), &Content::Json);
        let found: Vec<_> = found.iter().map(|it| format!("{} {}", it.pointer, it.detail)).collect();
        assert_eq!(found, expected, "{body}");
    };
    check(json!({"number": 0}), &["/number expected more than 0"]);
    check(json!({"number": 10}), &["/number expected less than 9"]);
    check(json!({"number": 3}), &["/number expected a multiple of 2"]);
    check(json!({"pattern": "ABC"}), &["/pattern expected a match of the pattern `^[A-Z]{2}$`"]);
    check(json!({"lookahead": "AC"}), &["/lookahead expected a match of the pattern `^(?=.*B)A`"]);
    check(json!({"contains": "a"}), &["/contains expected a match of the pattern `ab`"]);
    check(json!({"length": ""}), &["/length expected at least 1 characters"]);
    check(json!({"length": "abc"}), &["/length expected at most 2 characters"]);
    check(json!({"list": []}), &["/list expected at least 1 items"]);
    check(json!({"list": [1, 2, 3]}), &["/list expected at most 2 items"]);
    check(json!({"list": [1, 1]}), &["/list expected items that differ"]);
    check(json!({"currency": "USD"}), &["/currency expected \"EUR\""]);
    check(json!({"email": "nobody"}), &["/email expected the format `email`"]);
    check(json!({"url": "example.com"}), &["/url expected the format `uri`"]);
    check(json!({"ip": "1.2.3"}), &["/ip expected the format `ip`"]);
    check(json!({"map": {}}), &["/map expected at least 1 fields"]);
    check(json!({"map": {"k1": 1, "k2": 2, "k3": 3}}), &["/map expected at most 2 fields"]);
    check(json!({"map": {"x": 1}}), &["/map/x is not an expected field"]);
    check(
        json!({
            "number": 4, "pattern": "AB", "lookahead": "AB", "contains": "cabs", "length": "é", "list": [1, 2],
            "currency": "EUR", "email": "a@b.example", "url": "https://ö.example/ä?x=1", "ip": "::1", "map": {"k": 1},
        }),
        &[],
    );
    check(
        json!({"number": 0, "length": ""}),
        &["/length expected at least 1 characters", "/number expected more than 0"],
    );
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "documented, never read")]
struct OfTypes {
    bytes: (u8, i8, u16, i16, u32, u64, u128, usize),
    signed: (i32, i64, i128, isize, f32, f64, bool, ()),
    unit: Unit,
    choice: Choice,
    when: chrono::DateTime<chrono::Utc>,
    day: Option<chrono::NaiveDate>,
    rest: Result<u8, String>,
    nested: Vec<Option<Box<Choice>>>,
    map: BTreeMap<u32, Vec<Choice>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Unit;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "content", rename_all = "snake_case")]
#[allow(dead_code, reason = "documented, never read")]
enum Choice {
    One(u32),
    Two { name: String },
    Three,
}

#[test]
fn what_types_imply_leaves_nothing_to_check() {
    assert!(constraints::<OfTypes>().is_empty());
    assert!(Constraints::of(|_| None).unwrap().is_empty());
}

#[test]
fn texts_are_read_as_what_their_places_say() {
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "documented, never read")]
    struct Form {
        #[schemars(range(max = 5))]
        number: f64,
        #[schemars(length(max = 2))]
        list: Vec<u32>,
        #[schemars(length(max = 2))]
        text: Option<String>,
        inner: Inner,
    }
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "documented, never read")]
    struct Inner {
        #[schemars(inner(range(max = 3)))]
        numbers: Vec<u8>,
    }
    let constraints = constraints::<Form>();
    let check = |body: &'static str, expected: &[&str]| {
        let found = constraints.violations(&Bytes::from(body), &Content::Form);
        let found: Vec<_> = found.iter().map(|it| format!("{} {}", it.pointer, it.detail)).collect();
        assert_eq!(found, expected, "{body}");
    };
    check("number=5&list=1&list=2&text=12&inner[numbers]=3", &[]);
    check("number=5.5", &["/number expected at most 5"]);
    check("list=1&list=2&list=3", &["/list expected at most 2 items"]);
    check("list[0]=1&list[1]=2&list[2]=3", &["/list expected at most 2 items"]);
    check("list=777&text=777", &["/text expected at most 2 characters"]);
    check("inner[numbers]=4", &["/inner/numbers/0 expected at most 3"]);
    check("inner%5Bnumbers%5D%5B%5D=4&inner[numbers][]=1", &["/inner/numbers/0 expected at most 3"]);
}

#[test]
fn a_pattern_that_is_none_is_told_with_its_place() {
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "documented, never read")]
    struct Broken {
        #[schemars(inner(pattern("(")))]
        names: Vec<String>,
    }
    let unusable = Constraints::of(|generator| Some(generator.subschema_for::<Broken>())).unwrap_err();
    assert_eq!(unusable.at, "/names/*");
}

#[derive(Debug, Deserialize, JsonSchema)]
#[allow(dead_code, reason = "documented, never read")]
struct Shelves {
    #[serde(flatten)]
    of_name: BTreeMap<String, Vec<Book>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[allow(dead_code, reason = "documented, never read")]
struct Book {
    #[schemars(range(min = 1))]
    pages: i32,
}

#[test]
fn a_long_name_is_not_repeated_for_each_place_below_it() {
    let name = "k".repeat(100_000);
    let books: Vec<Value> = (0..5000).map(|_| json!({"pages": 0})).collect();
    let body = serde_json::to_vec(&json!({ name: books, "short": [{"pages": 0}] })).unwrap();
    let found = constraints::<Shelves>().violations(&body.into(), &Content::Json);
    let told: Vec<(&str, &str)> = found.iter().map(|it| (&*it.pointer, &*it.detail)).collect();
    assert_eq!(told, [("", "holds, below a name too long to show: expected at least 1")]);

    // A name that is only a part of the way, and places beside it.
    let body = json!({ "a": [{"pages": 0}], "k".repeat(600): [{"pages": 0}] }).to_string();
    let found = constraints::<Shelves>().violations(&body.into(), &Content::Json);
    let pointers: Vec<&str> = found.iter().map(|it| &*it.pointer).collect();
    assert_eq!(pointers, ["", "/a/0/pages"]);
}

#[test]
fn no_more_than_a_thousand_places_are_told() {
    let books: Vec<Value> = (0..5000).map(|_| json!({"pages": 0})).collect();
    let found = constraints::<Shelves>().violations(&json!({ "a": books }).to_string().into(), &Content::Json);
    assert_eq!(found.len(), 1000);
}
