use super::*;

#[test]
fn what_is_no_certificate_is_refused() {
    let mut roots = RootCertificates::<1>::new();
    for der in [
        &[][..],
        &[0x30, 0],
        &[0x30, 0x82, 1, 0],
        b"-----BEGIN CERTIFICATE-----",
    ] {
        assert_eq!(roots.add_der(der), Err(AnchorError::Malformed));
    }
    assert!(roots.anchors().is_empty());
}

#[cfg(feature = "webpki-roots")]
mod public {
    use super::*;

    #[test]
    fn all_of_them_are_there() {
        assert!(TrustAnchors::all_public().len() > 100);
    }

    #[test]
    fn they_are_found_by_name() {
        let mut roots = RootCertificates::<4>::new();
        assert_eq!(roots.add_public("ISRG Root X1"), Ok(1));
        assert_eq!(roots.add_public("GTS Root R4"), Ok(1));
        assert_eq!(roots.anchors().len(), 2);
        assert_eq!(
            roots.add_public("ISRG Root X"),
            Err(AnchorError::UnknownName)
        );
        assert_eq!(
            roots.add_public("Internet Security Research Group"),
            Err(AnchorError::UnknownName)
        );
        roots.clear();
        assert!(roots.anchors().is_empty());
    }

    #[test]
    fn more_than_fit_are_an_error() {
        let mut roots = RootCertificates::<1>::new();
        assert_eq!(roots.add_public("ISRG Root X1"), Ok(1));
        assert_eq!(
            roots.add_public("ISRG Root X2"),
            Err(AnchorError::Full { capacity: 1 })
        );
        assert_eq!(roots.anchors().len(), 1);
    }
}
