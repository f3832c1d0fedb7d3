//! Text of developers, as hostile as it comes: it arrives as it was written, and only where text belongs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::docs::tests::{at, endpoint, of, openapi, valid, value};
use crate::handler::written::written;

const HOSTILE: &str = "</script><img src=x onerror=alert(1)> \"'`{{7*7}}` [x](javascript:alert(1)) \u{202e}\u{0}\u{2028}\n\nGröße 🦀 \\ # ## $ref: #/x";

/// </script><script>alert(1)</script>
#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "Größe</script>/~ \"x\"")]
struct Hostile {
    /// <b onmouseover=alert(1)>
    #[serde(rename = "</script>")]
    field: Option<Box<Hostile>>,
    #[serde(rename = "$ref")]
    reference: String,
    #[schemars(extend("default" = {"$ref": "#/components/schemas/Hostile"}))]
    kind: Kind,
}

#[derive(Deserialize, Serialize, JsonSchema)]
enum Kind {
    #[serde(rename = "</script>")]
    Script,
    #[serde(rename = "\"")]
    Quote(String),
}

#[test]
fn hostile_text_stays_text() {
    let mut hostile = endpoint::<Hostile, axum::Json<Hostile>>("a.b-c_d~e/f.g");
    hostile.documentation.summary = HOSTILE;
    hostile.documentation.description = Some(HOSTILE);
    hostile.documentation.response_description = Some(HOSTILE);
    hostile.documentation.tags = &[HOSTILE];
    hostile.documentation.operation_id = Some(HOSTILE);
    hostile.documentation.responses = const { &[written(404, HOSTILE, None)] };
    let mut any = endpoint::<Value, ()>("any");
    any.documentation.examples = &[(HOSTILE, r#"{"</script>":"<img src=x>"}"#)];
    any.documentation.openapi_extra = Some(r#"{"x-</script>":{"note":"</script>"}}"#);
    let document = openapi([hostile, any, of("s~o.u_r-ce", endpoint::<Hostile, ()>(HOSTILE))]);
    valid::check(&document);

    let document = value(&document);
    let post = at(&document, "/webhooks/a.b-c_d~0e~1f.g/post");
    for place in ["summary", "description", "operationId"] {
        assert_eq!(post[place], HOSTILE);
    }
    assert_eq!(post["tags"], json!([HOSTILE]));
    assert_eq!(post["responses"]["200"]["description"], HOSTILE);
    assert_eq!(post["responses"]["404"]["description"], HOSTILE);
    let any = &document["webhooks"]["any"]["post"];
    assert_eq!(any["x-</script>"], json!({"note": "</script>"}));
    let examples = &any["requestBody"]["content"]["application/json"]["examples"];
    assert_eq!(examples[HOSTILE]["value"], json!({"</script>": "<img src=x>"}));
    assert!(document["paths"]["/webhooks/a.b-c_d~e/f.g"].is_object());
    assert!(document["webhooks"][format!("s~o.u_r-ce/{HOSTILE}")].is_object());
}

#[test]
fn a_hostile_name_of_a_type_becomes_a_legal_key() {
    let document = value(&openapi([endpoint::<Hostile, ()>("a")]));
    let name = "Gr__e__script_____x_";
    let body = at(&document, "/webhooks/a/post/requestBody/content/application~1json/schema");
    assert_eq!(body["$ref"], format!("#/components/schemas/{name}"));
    let properties = &document["components"]["schemas"][name]["properties"];
    assert_eq!(properties["</script>"]["anyOf"][0]["$ref"], format!("#/components/schemas/{name}"));
    assert_eq!(properties["kind"]["default"], json!({"$ref": "#/components/schemas/Hostile"}));
}
