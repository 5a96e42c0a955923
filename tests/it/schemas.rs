//! The printed schemas, by a validator of somebody else.

use serde_json::Value;

use xunjie::checklist::{self, Checklist};
use xunjie::district::{self, District};
use xunjie::i18n::Lang;
use xunjie::store::codec;

use crate::runner::World;

fn faults(schema: &Value, file: &Value) -> Vec<String> {
    jsonschema::meta::validate(schema).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(file).map(|e| format!("{} {e}", e.instance_path())).collect()
}

#[test]
fn our_own_files_fit_their_schemas() {
    let list: Value = serde_json::from_slice(Checklist::built_in_bytes()).unwrap();
    assert_eq!(faults(&checklist::schema(), &list), Vec::<String>::new());
    let place: Value = serde_json::from_slice(District::built_in_bytes()).unwrap();
    assert_eq!(faults(&district::schema(), &place), Vec::<String>::new());
}

#[test]
fn a_log_with_every_kind_of_event_of_a_walk_fits_its_schema() {
    let world = World::new(Lang::Zh);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        run.press("1 2").text("桶满").press("Enter Enter").text("备注").press("Enter");
        run.press("w 3").text("幸福巷").press("Enter 1 u q 2 Enter");
    });
    world.run((80, 24), world.walk("nongye-lu"), |run| _ = run.press("q 1 Enter"));
    let text = std::fs::read(world.log_path()).unwrap();
    let log: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(faults(&codec::schema(), &log), Vec::<String>::new());
    let mut bad = log.clone();
    bad["events"][0]["verdict"] = "maybe".into();
    assert!(!faults(&codec::schema(), &bad).is_empty());
    let mut extra = log.clone();
    extra["events"][0]["extra"] = 1.into();
    assert!(!faults(&codec::schema(), &extra).is_empty());
    let mut headless = log;
    headless["head"].as_object_mut().unwrap().remove("by");
    assert!(!faults(&codec::schema(), &headless).is_empty());
}
