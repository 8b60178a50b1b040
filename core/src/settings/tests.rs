use super::*;

fn refusal(document: &str) -> InvalidSettings {
    Settings::from_json(document.as_bytes()).unwrap_err()
}

#[test]
fn the_smallest_document_is_enough() {
    let settings =
        Settings::from_json(br#" {"token":"t","subdomain":"acme","recipient":"+14155551234"} "#)
            .unwrap();
    assert_eq!(settings.account.host().authority(), DEFAULT_HOST);
    assert_eq!(settings.account.token().expose(), "t");
    assert_eq!(settings.template, None);
}

#[test]
fn what_is_wrong_is_named_and_the_token_is_not() {
    use InvalidSettings::{Members, NotJson};
    for (document, error) in [
        ("", NotJson),
        (
            r#"{"token":"t","subdomain":"acme","recipient":"+14155551234"} x"#,
            NotJson,
        ),
        (
            r#"{"token":"t","subdomain":"acme","recipient":"+14155551234",}"#,
            NotJson,
        ),
        (r#"{"token":"t","subdomain":"acme"}"#, Members),
        (
            r#"{"token":"t","subdomain":"acme","recipient":"+14155551234","colour":"red"}"#,
            Members,
        ),
        (
            r#"{"token":"t","token":"u","subdomain":"acme","recipient":"+14155551234"}"#,
            Members,
        ),
        (
            r#"{"token":{"a":[[[1]]]},"subdomain":"acme","recipient":"+14155551234"}"#,
            Members,
        ),
        (
            r#"{"token":"t","subdomain":"acme","recipient":"\u002b14155551234"}"#,
            Members,
        ),
        ("[]", Members),
        ("7", Members),
    ] {
        assert_eq!(refusal(document), error, "{document}");
    }
    let deep = r#"{"x":"#.repeat(100_000);
    assert_eq!(refusal(&deep), NotJson);
    let error = refusal(r#"{"token":"se cret","subdomain":"acme","recipient":"+14155551234"}"#);
    assert_eq!(
        error,
        InvalidSettings::Account(InvalidAccount::Token { position: 2 })
    );
    assert!(!error.to_string().contains("cret"));
    let error = refusal(r#"{"token":"t","subdomain":"acme","recipient":"14155551234"}"#);
    assert!(error.to_string().starts_with("recipient: "), "{error}");
}
