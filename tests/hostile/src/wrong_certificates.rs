//! Every way in which a server's certificates can be wrong.

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ED25519, SerialNumber,
    date_time_ymd,
};
use xobito_embassy::tls::{CertificateError, ProtocolError, TlsError};

use crate::pki::{self, Entity, HOST, NOW};

/// Certificates, the key the server signs with, and what a device must say about them.
pub struct Case {
    /// What is wrong.
    pub name: &'static str,
    /// The certificates that are sent.
    pub chain: Vec<Vec<u8>>,
    /// The key to the first.
    pub key: KeyPair,
    /// The root that the device trusts.
    pub root: Vec<u8>,
    /// The only right answer.
    pub error: TlsError,
}

/// 2026-01-01.
const DAY_BEFORE_S: u64 = 1_767_225_600;
/// 2027-01-01.
const DAY_AFTER_S: u64 = 1_798_761_600;

/// All of them.
#[must_use]
pub fn cases() -> Vec<Case> {
    let mut cases = Cases::new();
    cases.about_hosts();
    cases.about_time();
    cases.about_issuers();
    cases.about_authorities();
    cases.about_usage();
    cases.about_names();
    cases.about_the_message();
    cases.about_roots();
    cases.done
}

struct Cases {
    root: Entity,
    middle: Entity,
    done: Vec<Case>,
}

impl Cases {
    fn new() -> Self {
        let root = Entity::root(pki::authority("root"), pki::p256());
        let middle = root.issue(pki::authority("middle"), pki::p256());
        Self {
            root,
            middle,
            done: Vec::new(),
        }
    }

    fn push(
        &mut self,
        name: &'static str,
        error: impl Into<TlsError>,
        server: Entity,
        others: &[&Entity],
    ) {
        let mut chain = vec![server.der];
        chain.extend(others.iter().map(|entity| entity.der.clone()));
        self.done.push(Case {
            name,
            chain,
            key: server.key,
            root: self.root.der.clone(),
            error: error.into(),
        });
    }

    /// A server's certificate, changed, straight under the root.
    fn server(
        &mut self,
        name: &'static str,
        error: CertificateError,
        change: impl FnOnce(&mut CertificateParams),
    ) {
        let mut params = pki::server(HOST);
        change(&mut params);
        let server = self.root.issue(params, pki::p256());
        self.push(name, error, server, &[]);
    }

    /// A good server's certificate under an authority's, changed.
    fn authority(
        &mut self,
        name: &'static str,
        error: CertificateError,
        change: impl FnOnce(&mut CertificateParams),
    ) {
        let mut params = pki::authority("changed");
        change(&mut params);
        let authority = self.root.issue(params, pki::p256());
        let server = authority.issue(pki::server(HOST), pki::p256());
        self.push(name, error, server, &[&authority]);
    }

    fn about_hosts(&mut self) {
        let error = CertificateError::WrongHost;
        for (name, host) in [
            ("another host", "dash.example.org"),
            ("the domain above", "example.com"),
            ("a host below", "a.dash.example.com"),
            ("a wildcard one level below", "*.dash.example.com"),
            ("a wildcard for everything", "*.com"),
            ("an IP address", "10.0.2.2"),
        ] {
            self.server(name, error, |params| *params = pki::server(host));
        }
        self.server(
            "no alternative name but the right common name",
            error,
            |params| {
                params.subject_alt_names.clear();
                params.distinguished_name.push(DnType::CommonName, HOST);
            },
        );
    }

    fn about_time(&mut self) {
        let expired = CertificateError::Expired {
            time_s: NOW,
            not_after_s: DAY_BEFORE_S,
        };
        let early = CertificateError::NotYetValid {
            time_s: NOW,
            not_before_s: DAY_AFTER_S,
        };
        let make_old = |params: &mut CertificateParams| {
            params.not_before = date_time_ymd(2025, 1, 1);
            params.not_after = date_time_ymd(2026, 1, 1);
        };
        let make_new = |params: &mut CertificateParams| {
            params.not_before = date_time_ymd(2027, 1, 1);
            params.not_after = date_time_ymd(2028, 1, 1);
        };
        self.server("expired", expired, make_old);
        self.server("not valid yet", early, make_new);
        self.authority("an expired authority", expired, make_old);
        self.authority("an authority that is not valid yet", early, make_new);
        self.server(
            "an end before its beginning",
            CertificateError::Malformed,
            |params| {
                params.not_before = date_time_ymd(2028, 1, 1);
                params.not_after = date_time_ymd(2027, 1, 1);
            },
        );
    }

    fn about_issuers(&mut self) {
        let unknown = CertificateError::UnknownIssuer;
        let other = Entity::root(pki::authority("another root"), pki::p256());
        let server = other.issue(pki::server(HOST), pki::p256());
        self.push("another root", unknown, server, &[]);
        let server = other.issue(pki::server(HOST), pki::p256());
        self.push("another root, sent along", unknown, server, &[&other]);
        let own = Entity::root(pki::server(HOST), pki::p256());
        self.push("signed by itself", unknown, own, &[]);
        let server = self.middle.issue(pki::server(HOST), pki::p256());
        self.push("an authority that was not sent", unknown, server, &[]);

        let impostor = Entity::root(pki::authority("root"), pki::p256());
        let server = impostor.issue(pki::server(HOST), pki::p256());
        self.push(
            "another root of the same name",
            CertificateError::BadSignature,
            server,
            &[],
        );
        let mut server = self.root.issue(pki::server(HOST), pki::p256());
        *server.der.last_mut().unwrap() ^= 1;
        self.push(
            "a damaged signature",
            CertificateError::BadSignature,
            server,
            &[],
        );
        let mut server = self
            .root
            .issue(pki::server("evil.example.com"), pki::p256());
        let at = server
            .der
            .windows(4)
            .position(|window| window == b"evil")
            .unwrap();
        server.der[at..at + 4].copy_from_slice(b"dash");
        self.push(
            "a host exchanged after signing",
            CertificateError::BadSignature,
            server,
            &[],
        );
    }

    fn about_authorities(&mut self) {
        let none = CertificateError::NotACertificateAuthority;
        let leaf = self
            .root
            .issue(pki::server("evil.example.com"), pki::p256());
        let server = leaf.issue(pki::server(HOST), pki::p256());
        self.push("forged by another server's key", none, server, &[&leaf]);
        self.authority("an authority that says it is none", none, |params| {
            params.is_ca = IsCa::ExplicitNoCa;
        });
        self.authority("an authority that does not say it is one", none, |params| {
            params.is_ca = IsCa::NoCa;
        });
        self.server(
            "an authority's own certificate",
            CertificateError::AuthorityAsServer,
            |params| {
                params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            },
        );

        let mut params = pki::authority("the last one");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let last = self.root.issue(params, pki::p256());
        let extra = last.issue(pki::authority("one too many"), pki::p256());
        let server = extra.issue(pki::server(HOST), pki::p256());
        self.push(
            "more authorities than allowed",
            CertificateError::PathTooLong,
            server,
            &[&extra, &last],
        );

        let twin = self.root.issue(pki::authority("twin"), pki::p256());
        let other_twin = self.root.issue(pki::authority("twin"), pki::p256());
        let server = twin.issue(pki::server(HOST), pki::p256());
        self.push(
            "two authorities of one name, to be tried in every order",
            CertificateError::TooComplex,
            server,
            &[&other_twin, &twin],
        );
    }

    fn about_usage(&mut self) {
        let error = CertificateError::KeyUsage;
        self.server("a key for encryption only", error, |params| {
            params.key_usages = vec![KeyUsagePurpose::KeyEncipherment];
        });
        self.server("a server's key for signing certificates", error, |params| {
            params.key_usages.push(KeyUsagePurpose::KeyCertSign);
        });
        self.authority(
            "an authority whose key may not sign certificates",
            error,
            |params| {
                params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            },
        );
        let error = CertificateError::ExtendedKeyUsage;
        self.server("for TLS clients", error, |params| {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        });
        self.server("for anything", error, |params| {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any];
        });
        self.server("for servers and for anything", error, |params| {
            params
                .extended_key_usages
                .push(ExtendedKeyUsagePurpose::Any);
        });
        self.authority("an authority for TLS clients", error, |params| {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        });
        let mut unknown =
            CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 55_738, 1], vec![5, 0]);
        unknown.set_criticality(true);
        let error = CertificateError::UnknownCriticalExtension;
        self.server("an unknown critical extension", error, |params| {
            params.custom_extensions.push(unknown.clone());
        });
        self.authority(
            "an authority with an unknown critical extension",
            error,
            |params| {
                params.custom_extensions.push(unknown.clone());
            },
        );
        let ed25519 = self.root.issue(pki::server(HOST), pki::key(&PKCS_ED25519));
        self.push(
            "an Ed25519 key",
            CertificateError::UnsupportedAlgorithm,
            ed25519,
            &[],
        );
        let authority = self
            .root
            .issue(pki::authority("Ed25519"), pki::key(&PKCS_ED25519));
        let server = authority.issue(pki::server(HOST), pki::p256());
        self.push(
            "an Ed25519 signature",
            CertificateError::UnsupportedAlgorithm,
            server,
            &[&authority],
        );
    }

    fn about_names(&mut self) {
        let only = |permitted: &str, excluded: &str| {
            let subtree = |name: &str| match name {
                "" => Vec::new(),
                name => vec![GeneralSubtree::DnsName(name.into())],
            };
            Some(NameConstraints {
                permitted_subtrees: subtree(permitted),
                excluded_subtrees: subtree(excluded),
            })
        };
        let error = CertificateError::NameConstraints;
        self.authority("an authority for another domain", error, |params| {
            params.name_constraints = only("example.org", "");
        });
        self.authority("an authority for all but this domain", error, |params| {
            params.name_constraints = only("", "example.com");
        });
        self.authority(
            "constraints that constrain nothing",
            CertificateError::Malformed,
            |params| {
                let mut empty =
                    CustomExtension::from_oid_content(&[2, 5, 29, 30], vec![0x30, 2, 0xA0, 0]);
                empty.set_criticality(true);
                params.custom_extensions.push(empty);
            },
        );
        self.server(
            "a server with name constraints",
            CertificateError::Malformed,
            |params| {
                let content = vec![0x30, 9, 0xA0, 7, 0x30, 5, 0x82, 3, b'c', b'o', b'm'];
                params
                    .custom_extensions
                    .push(CustomExtension::from_oid_content(&[2, 5, 29, 30], content));
            },
        );
    }

    fn about_the_message(&mut self) {
        let server = self.middle.issue(pki::server(HOST), pki::p256());
        self.done.push(Case {
            name: "the authority's certificate first",
            chain: vec![self.middle.der.clone(), server.der],
            key: server.key,
            root: self.root.der.clone(),
            error: CertificateError::WrongHost.into(),
        });

        let too_many = |count| CertificateError::TooManyCertificates { count, max: 4 };
        for (name, count, error) in [
            ("five certificates", 5, TlsError::from(too_many(5))),
            ("sixteen certificates", 16, too_many(16).into()),
            (
                "seventeen certificates",
                17,
                ProtocolError::MalformedMessage.into(),
            ),
        ] {
            let server = self.root.issue(pki::server(HOST), pki::p256());
            let others: Vec<_> = (1..count)
                .map(|_| self.root.issue(pki::authority("filler"), pki::p256()))
                .collect();
            let others: Vec<_> = others.iter().collect();
            self.push(name, error, server, &others);
        }

        for (name, change) in [
            (
                "an empty certificate",
                (|der| der.clear()) as fn(&mut Vec<u8>),
            ),
            ("half a certificate", |der| der.truncate(der.len() / 2)),
            ("a certificate and more", |der| der.push(0)),
            ("no certificate at all", |der| *der = vec![0x30, 0]),
            ("a certificate of the wrong length", |der| der[3] ^= 1),
        ] {
            let mut server = self.root.issue(pki::server(HOST), pki::p256());
            change(&mut server.der);
            self.push(name, CertificateError::Malformed, server, &[]);
        }
        self.server(
            "a serial number of zero",
            CertificateError::Malformed,
            |params| {
                params.serial_number = Some(SerialNumber::from_slice(&[0]));
            },
        );
        self.server(
            "a serial number of 21 octets",
            CertificateError::Malformed,
            |params| {
                params.serial_number = Some(SerialNumber::from_slice(&[0x11; 21]));
            },
        );
    }

    fn about_roots(&mut self) {
        let expired = CertificateError::AnchorExpired {
            time_s: NOW,
            not_after_s: DAY_BEFORE_S,
        };
        let early = CertificateError::AnchorNotYetValid {
            time_s: NOW,
            not_before_s: DAY_AFTER_S,
        };
        self.root("a root that has expired", expired, |params| {
            params.not_before = date_time_ymd(2025, 1, 1);
            params.not_after = date_time_ymd(2026, 1, 1);
        });
        self.root("a root that is not valid yet", early, |params| {
            params.not_before = date_time_ymd(2027, 1, 1);
            params.not_after = date_time_ymd(2028, 1, 1);
        });
        self.root(
            "a root for another domain",
            CertificateError::NameConstraints,
            |params| {
                params.name_constraints = Some(NameConstraints {
                    permitted_subtrees: vec![GeneralSubtree::DnsName("example.org".into())],
                    excluded_subtrees: Vec::new(),
                });
            },
        );
        self.root(
            "a root that allows no authority below it",
            CertificateError::PathTooLong,
            |params| {
                params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
            },
        );
    }

    fn root(
        &mut self,
        name: &'static str,
        error: CertificateError,
        change: impl FnOnce(&mut CertificateParams),
    ) {
        let mut params = pki::authority("changed root");
        change(&mut params);
        let root = Entity::root(params, pki::p256());
        let middle = root.issue(pki::authority("under it"), pki::p256());
        let server = middle.issue(pki::server(HOST), pki::p256());
        self.done.push(Case {
            name,
            chain: vec![server.der, middle.der],
            key: server.key,
            root: root.der,
            error: error.into(),
        });
    }
}
