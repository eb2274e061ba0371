//! The fields of a customer: names, types, order.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field as Column, TimeUnit};

use crate::error::{Error, Result};

macro_rules! fields {
    ($($field:ident $name:literal,)*) => {
        /// A field of the population.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Field { $($field,)* }

        impl Field {
            /// All fields, in the order of the columns.
            pub(super) const ALL: &'static [Self] = &[$(Self::$field,)*];

            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$field => $name,)* }
            }
        }
    };
}

fields! {
    Id "id",
    Country "country",
    City "city",
    Language "language",
    Gender "gender",
    BirthDate "birth_date",
    Signup "signup",
    EmailConsent "email_consent",
    SmsConsent "sms_consent",
    PushConsent "push_consent",
    IncomeBand "income_band",
    FamilyStatus "family_status",
    VehicleInterest "vehicle_interest",
    Genres "genres",
    EventTypes "event_types",
    Tags "tags",
    TotalSpent "total_spent",
    PurchaseCount "purchase_count",
    AvgOrder "avg_order",
    LastPurchase "last_purchase",
    LastSeen "last_seen",
    EngagementScore "engagement_score",
    ChurnRisk "churn_risk",
    FirstName "first_name",
    LastName "last_name",
    Email "email",
    Phone "phone",
}

/// Digits and decimals of an amount of money.
pub(super) const MONEY: (u8, i8) = (18, 2);

impl Field {
    /// The field of that name.
    pub(super) fn named(name: &str) -> Result<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name).ok_or_else(|| {
            let known = Self::ALL.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
            Error::new(format!("the population has no field {name:?}; it has {known}"))
        })
    }

    /// The Arrow column of the field.
    pub(super) fn column(self) -> Column {
        let always = matches!(
            self,
            Self::Id
                | Self::Country
                | Self::Language
                | Self::Signup
                | Self::TotalSpent
                | Self::PurchaseCount
                | Self::LastSeen
                | Self::EngagementScore
                | Self::ChurnRisk
                | Self::FirstName
                | Self::LastName
        );
        Column::new(self.name(), self.data_type(), !always)
    }

    fn data_type(self) -> DataType {
        match self {
            Self::BirthDate => DataType::Date32,
            Self::Signup | Self::LastPurchase | Self::LastSeen => {
                DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
            }
            Self::EmailConsent | Self::SmsConsent | Self::PushConsent => DataType::Boolean,
            Self::Genres | Self::EventTypes | Self::Tags => {
                DataType::List(Arc::new(Column::new_list_field(DataType::Utf8, true)))
            }
            Self::TotalSpent | Self::AvgOrder => DataType::Decimal128(MONEY.0, MONEY.1),
            Self::PurchaseCount | Self::EngagementScore | Self::ChurnRisk => DataType::Int64,
            _ => DataType::Utf8,
        }
    }
}
