//! How one test of one field is said to each engine.

use muster_engine::rule::{Literal, Operand, Operator, Test};
use muster_engine::schema::{FieldType, Schema};
use muster_engine::time::{DAY_US, Date, Timestamp};

/// A language that a predicate is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// DuckDB's SQL.
    DuckDb,
    /// DataFusion's SQL.
    DataFusion,
    /// ClickHouse's SQL.
    ClickHouse,
    /// An expression of Polars in Python.
    Polars,
}

use Dialect::{ClickHouse, DataFusion, DuckDb, Polars};

/// Why an engine cannot be asked something.
pub(crate) type Refusal = &'static str;

impl Dialect {
    /// A positive test. Null where the field has no value, in most engines.
    pub(crate) fn test(self, test: &Test, schema: &Schema, now: Timestamp) -> Result<String, Refusal> {
        let kind = schema.find(&test.field).ok_or("the id is no column")?.kind;
        let column = match self {
            Polars => format!("pl.col({})", python(&test.field)),
            _ => test.field.clone(),
        };
        let one = |literal: &Literal| self.literal(literal, kind);
        Ok(match (test.operator, &test.value) {
            (Operator::Exists, _) => self.exists(&column, kind)?,
            (Operator::Between, Some(Operand::Many(ends))) => self.between(&column, &one(&ends[0])?, &one(&ends[1])?),
            (Operator::Includes | Operator::IncludesAll, Some(operand)) => {
                let values = match operand {
                    Operand::One(value) => vec![one(value)?],
                    Operand::Many(values) => values.iter().map(one).collect::<Result<_, _>>()?,
                };
                self.members(&column, &values, test.operator == Operator::IncludesAll)
            }
            (Operator::In, Some(Operand::Many(values))) => {
                let values = values.iter().map(one).collect::<Result<Vec<_>, _>>()?.join(", ");
                if self == Polars { format!("{column}.is_in([{values}])") } else { format!("{column} IN ({values})") }
            }
            (Operator::StartsWith, Some(Operand::One(value))) => {
                let value = one(value)?;
                match self {
                    Polars => format!("{column}.str.starts_with({value})"),
                    ClickHouse => format!("startsWith({column}, {value})"),
                    _ => format!("starts_with({column}, {value})"),
                }
            }
            (Operator::Is, Some(Operand::One(Literal::Bool(true)))) => column,
            (Operator::Is, Some(Operand::One(Literal::Bool(false)))) => {
                if self == Polars {
                    format!("~{column}")
                } else {
                    format!("NOT {column}")
                }
            }
            (Operator::WithinDays | Operator::BeforeDays | Operator::InNextDays, Some(Operand::One(days))) => {
                let Literal::Number(days) = days else { return Err("a window that is no number") };
                let days = days.parse().map_err(|_| "a window of a fraction of days")?;
                self.window(&column, test.operator, days, kind, now)
            }
            (operator, Some(Operand::One(value))) => {
                let sign = match (operator, self) {
                    (Operator::Equal | Operator::Is, Polars) => "==",
                    (Operator::Equal | Operator::Is, _) => "=",
                    (Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual, _) => {
                        operator.name()
                    }
                    _ => return Err("an operator that the workload has not"),
                };
                self.compared(&column, sign, &one(value)?)
            }
            _ => return Err("an operator that the workload has not"),
        })
    }

    fn exists(self, column: &str, kind: FieldType) -> Result<String, Refusal> {
        match self {
            ClickHouse if kind.is_set() => Err("arrays that may be missing"),
            Polars => Ok(format!("{column}.is_not_null()")),
            _ => Ok(format!("{column} IS NOT NULL")),
        }
    }

    fn compared(self, column: &str, sign: &str, value: &str) -> String {
        if self == Polars { format!("({column} {sign} {value})") } else { format!("{column} {sign} {value}") }
    }

    fn between(self, column: &str, low: &str, high: &str) -> String {
        match self {
            Polars => format!("{column}.is_between({low}, {high})"),
            _ => format!("{column} BETWEEN {low} AND {high}"),
        }
    }

    fn members(self, column: &str, values: &[String], all: bool) -> String {
        let list = values.join(", ");
        match (self, all) {
            (DuckDb, false) => format!("list_has_any({column}, [{list}])"),
            (DuckDb, true) => format!("list_has_all({column}, [{list}])"),
            (DataFusion, false) => format!("array_has_any({column}, make_array({list}))"),
            (DataFusion, true) => format!("array_has_all({column}, make_array({list}))"),
            (ClickHouse, false) => format!("hasAny({column}, [{list}])"),
            (ClickHouse, true) => format!("hasAll({column}, [{list}])"),
            (Polars, _) => {
                let contains: Vec<String> =
                    values.iter().map(|value| format!("{column}.list.contains({value})")).collect();
                format!("({})", contains.join(if all { " & " } else { " | " }))
            }
        }
    }

    fn window(self, column: &str, operator: Operator, days: i64, kind: FieldType, now: Timestamp) -> String {
        let (then, next) = (now.plus_days(-days), now.plus_days(days));
        // A day is its midnight, so the first day of a window is the one whose midnight is not before its beginning.
        let from = |at: Timestamp| match kind {
            FieldType::Date => self.day(-(-at.0).div_euclid(DAY_US)),
            _ => self.instant(at),
        };
        let to = |at: Timestamp| match kind {
            FieldType::Date => self.day(at.0.div_euclid(DAY_US)),
            _ => self.instant(at),
        };
        let microsecond = Timestamp(now.0 + 1);
        match operator {
            Operator::WithinDays => self.between(column, &from(then), &to(now)),
            Operator::BeforeDays => self.compared(column, "<", &from(then)),
            _ => self.between(column, &from(microsecond), &to(next)),
        }
    }

    fn literal(self, literal: &Literal, kind: FieldType) -> Result<String, Refusal> {
        Ok(match (kind, literal) {
            (FieldType::Time, Literal::Text(text)) => self.instant(Timestamp::parse(text).ok_or("no instant")?),
            (FieldType::Date, Literal::Text(text)) => self.day(i64::from(Date::parse(text).ok_or("no day")?.0)),
            (FieldType::Decimal(scale), Literal::Number(digits)) => match self {
                ClickHouse => format!("toDecimal64('{digits}', {scale})"),
                Polars => format!("pl.lit({}).str.to_decimal(scale={scale})", python(digits)),
                _ => format!("CAST('{digits}' AS DECIMAL(18, {scale}))"),
            },
            (_, Literal::Number(digits)) => digits.clone(),
            (_, Literal::Bool(value)) => value.to_string(),
            (_, Literal::Text(text)) if self == Polars => python(text),
            (_, Literal::Text(text)) => format!("'{}'", text.replace('\'', "''")),
        })
    }

    fn instant(self, at: Timestamp) -> String {
        let (seconds, micros) = (at.0.div_euclid(1_000_000), at.0.rem_euclid(1_000_000));
        let text = Timestamp(seconds * 1_000_000).to_string();
        let text = text.trim_end_matches('Z').replace('T', " ");
        match self {
            DuckDb => format!("TIMESTAMPTZ '{text}.{micros:06}+00'"),
            DataFusion => format!("arrow_cast('{text}.{micros:06}', 'Timestamp(Microsecond, Some(\"UTC\"))')"),
            ClickHouse => format!("toDateTime64('{text}.{micros:06}', 6, 'UTC')"),
            Polars => format!("pl.lit({}).cast(pl.Datetime(\"us\", \"UTC\"))", at.0),
        }
    }

    fn day(self, day: i64) -> String {
        let text = Timestamp(day * DAY_US).to_string();
        let text = text.split('T').next().unwrap_or_default();
        match self {
            Polars => format!("pl.lit({day}, dtype=pl.Int32).cast(pl.Date)"),
            ClickHouse => format!("toDate32('{text}')"),
            _ => format!("DATE '{text}'"),
        }
    }
}

/// JSON's strings are strings in Python too.
fn python(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
