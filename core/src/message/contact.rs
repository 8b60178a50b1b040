//! What the workspace may learn about a recipient along with a message.

use super::Field;
use super::wire::{Members, Object, key};

/// Fields of the recipient's contact; set those you know.
///
/// The API creates a contact for an unknown number; without a first name the number becomes its name.
///
/// # Examples
/// ```
/// use xobito_core::message::{Contact, Groups};
///
/// let contact = Contact {
///     firstname: Some("Ada"),
///     groups: Some(Groups::Names(&["on-call"])),
///     ..Contact::default()
/// };
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Contact<'a> {
    /// First name.
    pub firstname: Option<&'a str>,
    /// Last name.
    pub lastname: Option<&'a str>,
    /// Mail address; the API checks it.
    pub email: Option<&'a str>,
    /// Country.
    pub country: Option<&'a str>,
    /// The id of the member of staff that the contact is assigned to.
    pub assigned_id: Option<u64>,
    /// The groups that the contact belongs to.
    pub groups: Option<Groups<'a>>,
}

/// Groups of a contact, by name or by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Groups<'a> {
    /// By name.
    Names(&'a [&'a str]),
    /// By id.
    Ids(&'a [u64]),
}

/// The member `contact`, where there is one to write.
pub(crate) fn member(contact: Option<&Contact<'_>>, out: &mut impl Members) {
    if let Some(contact) = contact.filter(|contact| !contact.is_empty()) {
        out.object(key!("contact"), contact);
    }
}

impl Contact<'_> {
    const fn is_empty(&self) -> bool {
        matches!(
            self,
            Self {
                firstname: None,
                lastname: None,
                email: None,
                country: None,
                assigned_id: None,
                groups: None,
            }
        )
    }
}

impl Object for Contact<'_> {
    fn members<M: Members>(&self, out: &mut M) {
        out.optional_str(Field::ContactFirstname, self.firstname);
        out.optional_str(Field::ContactLastname, self.lastname);
        out.optional_str(Field::ContactEmail, self.email);
        out.optional_str(Field::ContactCountry, self.country);
        if let Some(id) = self.assigned_id {
            out.number(key!("assigned_id"), id);
        }
        match self.groups {
            Some(Groups::Names(names)) => out.texts(Field::ContactGroups, names),
            Some(Groups::Ids(ids)) => out.numbers(Field::ContactGroups.rule().key, ids),
            None => {}
        }
    }
}
