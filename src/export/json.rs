//! JSON for scripts: the report as it is, every text exactly as it was written. It has a schema.

use crate::report::Report;

/// The report as JSON, with a line end.
pub fn bytes(report: &Report) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(report)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The JSON Schema (2020-12) of a report.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}
