//! Makes `xobito.h` of the library's source.

use std::path::{Path, PathBuf};

use cbindgen::{Builder, Config, DocumentationStyle, EnumConfig, Language, RenameRule, Style};

/// The committed header.
#[must_use]
pub fn path() -> PathBuf {
    library().join("include/xobito.h")
}

/// The library's crate.
#[must_use]
pub fn library() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../adapters/c")
}

/// The header as it should be.
///
/// # Errors
/// What cbindgen says of the source.
pub fn generate() -> Result<String, String> {
    let mut builder = Builder::new().with_config(config());
    for file in SOURCES {
        builder = builder.with_src(library().join("src").join(file));
    }
    let bindings = builder.generate().map_err(|error| error.to_string())?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    let header = String::from_utf8(header).map_err(|error| error.to_string())?;
    // cbindgen puts the type's whole name before a variant, its `_t` included.
    let header = NAMES.iter().fold(header, |header, (_, c)| {
        let name = c.trim_end_matches("_t").to_uppercase();
        header.replace(&format!("{name}_T_"), &format!("{name}_"))
    });
    Ok(header.replace("# Safety\n///", "Preconditions:\n///"))
}

/// In the order in which a reader wants them; the modules below them come along.
const SOURCES: [&str; 11] = [
    "memory.rs",
    "error.rs",
    "names.rs",
    "limits.rs",
    "account.rs",
    "message/mod.rs",
    "head.rs",
    "cause.rs",
    "outcome.rs",
    "reader/mod.rs",
    "outbox/mod.rs",
];

/// Rust's names and C's.
const NAMES: [(&str, &str); 46] = [
    ("XobitoText", "xobito_text_t"),
    ("XobitoError", "xobito_error_t"),
    ("XobitoStatus", "xobito_status_t"),
    ("XobitoField", "xobito_field_t"),
    ("XobitoProblem", "xobito_problem_t"),
    ("XobitoAccount", "xobito_account_t"),
    ("XobitoHost", "xobito_host_t"),
    ("XobitoEndpoint", "xobito_endpoint_t"),
    ("XobitoTextMessage", "xobito_text_message_t"),
    ("XobitoButtonMessage", "xobito_button_message_t"),
    ("XobitoButton", "xobito_button_t"),
    ("XobitoUrlMessage", "xobito_url_message_t"),
    ("XobitoTemplateMessage", "xobito_template_message_t"),
    ("XobitoHeaderKind", "xobito_header_kind_t"),
    ("XobitoMediaMessage", "xobito_media_message_t"),
    ("XobitoMediaKind", "xobito_media_kind_t"),
    ("XobitoContact", "xobito_contact_t"),
    ("XobitoRequest", "xobito_request_t"),
    ("XobitoStream", "xobito_stream_t"),
    ("XobitoCause", "xobito_cause_t"),
    ("XobitoOutcomeKind", "xobito_outcome_kind_t"),
    ("XobitoRetry", "xobito_retry_t"),
    ("XobitoDeliveryState", "xobito_delivery_state_t"),
    ("XobitoMaybe", "xobito_maybe_t"),
    ("XobitoKept", "xobito_kept_t"),
    ("XobitoOutcome", "xobito_outcome_t"),
    ("XobitoReader", "xobito_reader_t"),
    ("XobitoFieldError", "xobito_field_error_t"),
    ("XobitoAccepted", "xobito_accepted_t"),
    ("XobitoDelivery", "xobito_delivery_t"),
    ("XobitoValidation", "xobito_validation_t"),
    ("XobitoOutbox", "xobito_outbox_t"),
    ("XobitoOutboxSmall", "xobito_outbox_small_t"),
    ("XobitoOutboxLarge", "xobito_outbox_large_t"),
    ("XobitoOutboxConfig", "xobito_outbox_config_t"),
    ("XobitoWhenFull", "xobito_when_full_t"),
    ("XobitoEntry", "xobito_entry_t"),
    ("XobitoDuplicates", "xobito_duplicates_t"),
    ("XobitoPriority", "xobito_priority_t"),
    ("XobitoCoalesce", "xobito_coalesce_t"),
    ("XobitoEnqueued", "xobito_enqueued_t"),
    ("XobitoStep", "xobito_step_t"),
    ("XobitoStepKind", "xobito_step_kind_t"),
    ("XobitoEnded", "xobito_ended_t"),
    ("XobitoEnd", "xobito_end_t"),
    ("XobitoUntracked", "xobito_untracked_t"),
];

fn config() -> Config {
    let mut config = Config {
        language: Language::C,
        cpp_compat: true,
        style: Style::Type,
        documentation_style: DocumentationStyle::Cxx,
        include_guard: Some("XOBITO_H".to_owned()),
        no_includes: true,
        sys_includes: vec!["stddef.h".to_owned(), "stdint.h".to_owned()],
        header: Some(HEADER.to_owned()),
        after_includes: Some(format!(
            "\n/// The version of this header and its library.\n#define XOBITO_VERSION \"{}\"\n{MACROS}",
            env!("CARGO_PKG_VERSION")
        )),
        usize_is_size_t: true,
        line_length: 110,
        tab_width: 4,
        enumeration: EnumConfig {
            rename_variants: RenameRule::QualifiedScreamingSnakeCase,
            ..EnumConfig::default()
        },
        ..Config::default()
    };
    for (rust, c) in NAMES {
        config.export.rename.insert(rust.to_owned(), c.to_owned());
        config.export.include.push(rust.to_owned());
    }
    config
}

const HEADER: &str = "\
// xobito.h: WhatsApp alerts through the Xobito API, for firmware in C.
// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Made of the library's source by `cargo xtask header`; not to be edited.
//
// Functions return 0 or more when they did their work (`xobito_status_t`) and a negative number when they did not
// (`xobito_error_t`; `xobito_strerror` says it in words). The library keeps no state and allocates nothing: all memory
// is the caller's. Any function may run in any thread or interrupt, as long as no two use the same memory at a time.
//
// A pointer that a precondition does not call optional must not be NULL; that it is, that it is not aligned and that a
// length is impossible is noticed and answered with an error. So is memory to be written to that overlaps other such
// memory of the same call, or something that the call reads; nothing is written then, a `problem` only where it does
// not overlap. That memory is readable and writable as far as its length says is what the caller promises.
//
// Structs that describe something are best initialised as a whole (`= { 0 }`), so that what is optional is absent.
";

const MACROS: &str = r"
/// The `xobito_text_t` of a string literal, as an initializer.
#define XOBITO_LITERAL(literal) { (literal), sizeof(literal) - 1u }";
