//! What the workspace is to know about a recipient, from flags.

use clap::Args;
use xobito_std::core::message::{Contact, Groups};

#[derive(Debug, Args)]
#[command(next_help_heading = "What the workspace is to know about the recipient")]
pub(crate) struct ContactArguments {
    /// First name
    #[arg(
        long = "contact-firstname",
        value_name = "NAME",
        allow_hyphen_values = true
    )]
    firstname: Option<String>,
    /// Last name
    #[arg(
        long = "contact-lastname",
        value_name = "NAME",
        allow_hyphen_values = true
    )]
    lastname: Option<String>,
    /// Mail address
    #[arg(
        long = "contact-email",
        value_name = "ADDRESS",
        allow_hyphen_values = true
    )]
    email: Option<String>,
    /// Country
    #[arg(
        long = "contact-country",
        value_name = "COUNTRY",
        allow_hyphen_values = true
    )]
    country: Option<String>,
    /// The id of the member of staff that the contact is assigned to
    #[arg(
        long = "contact-assigned-id",
        value_name = "ID",
        allow_hyphen_values = true
    )]
    assigned_id: Option<u64>,
    /// A group, by its name; repeatable
    #[arg(
        long = "contact-group",
        value_name = "NAME",
        allow_hyphen_values = true,
        conflicts_with = "group_ids"
    )]
    groups: Vec<String>,
    /// A group, by its id; repeatable
    #[arg(
        long = "contact-group-id",
        value_name = "ID",
        allow_hyphen_values = true
    )]
    group_ids: Vec<u64>,
}

impl ContactArguments {
    /// The contact, which is empty where no flag was given. `names` holds the groups' names.
    pub(crate) fn contact<'a>(&'a self, names: &'a [&'a str]) -> Contact<'a> {
        let groups = match (names, self.group_ids.as_slice()) {
            ([], []) => None,
            ([], ids) => Some(Groups::Ids(ids)),
            (names, _) => Some(Groups::Names(names)),
        };
        Contact {
            firstname: self.firstname.as_deref(),
            lastname: self.lastname.as_deref(),
            email: self.email.as_deref(),
            country: self.country.as_deref(),
            assigned_id: self.assigned_id,
            groups,
        }
    }

    pub(crate) fn group_names(&self) -> Vec<&str> {
        self.groups.iter().map(String::as_str).collect()
    }
}
