//! Project Wycheproof's vectors: signatures made to find the mistakes that verifiers are known for.
//!
//! Those with SHA-3 and SHAKE are left out: certificates do not use them.

use std::println;
use std::string::{String, ToString};
use std::vec::Vec;

use sha2::{Digest, Sha256, Sha384, Sha512};
use wycheproof::TestResult;
use wycheproof::ecdsa::{TestName, TestSet};

use super::curve::{Curve, P256, P384};
use super::ecdsa::verify;
use super::test_numbers::{der, number};

type Hash = fn(&[u8]) -> Vec<u8>;

fn sha256(message: &[u8]) -> Vec<u8> {
    Sha256::digest(message).to_vec()
}

fn sha384(message: &[u8]) -> Vec<u8> {
    Sha384::digest(message).to_vec()
}

fn sha512(message: &[u8]) -> Vec<u8> {
    Sha512::digest(message).to_vec()
}

#[test]
fn every_vector_in_der_is_judged_as_it_should_be() {
    let sets: [(TestName, &Curve, Hash); 5] = [
        (TestName::EcdsaSecp256r1Sha256, &P256, sha256),
        (TestName::EcdsaSecp256r1Sha512, &P256, sha512),
        (TestName::EcdsaSecp384r1Sha256, &P384, sha256),
        (TestName::EcdsaSecp384r1Sha384, &P384, sha384),
        (TestName::EcdsaSecp384r1Sha512, &P384, sha512),
    ];
    let counts = sets.map(|(name, curve, hash)| {
        judge(name, |key, message, signature| {
            verify(curve, key, &hash(message), signature).is_some()
        })
    });
    println!("in DER: {counts:?}");
    assert!(counts.iter().sum::<usize>() > 2000);
}

/// The same as two numbers of the curve's length, which here must first be written as DER.
#[test]
fn every_vector_of_two_numbers_is_judged_as_it_should_be() {
    let sets: [(TestName, &Curve, Hash); 4] = [
        (TestName::EcdsaSecp256r1Sha256P1363, &P256, sha256),
        (TestName::EcdsaSecp256r1Sha512P1363, &P256, sha512),
        (TestName::EcdsaSecp384r1Sha384P1363, &P384, sha384),
        (TestName::EcdsaSecp384r1Sha512P1363, &P384, sha512),
    ];
    let counts = sets.map(|(name, curve, hash)| {
        judge(name, |key, message, signature| {
            let (r, s) = signature.split_at(curve.bytes.min(signature.len()));
            let signature = der(&number(r), &number(s));
            s.len() == curve.bytes && verify(curve, key, &hash(message), &signature).is_some()
        })
    });
    println!("two numbers: {counts:?}");
    assert!(counts.iter().sum::<usize>() > 1000);
}

/// Checks all of a set and returns how many there were.
fn judge(name: TestName, accepts: impl Fn(&[u8], &[u8], &[u8]) -> bool) -> usize {
    let set = TestSet::load(name).unwrap();
    let mut count = 0;
    let mut wrong: Vec<String> = Vec::new();
    for group in &set.test_groups {
        for test in &group.tests {
            count += 1;
            let accepted = accepts(&group.key.key, &test.msg, &test.sig);
            // "Acceptable" are only encodings that are not DER.
            let expected = test.result == TestResult::Valid;
            if accepted != expected {
                wrong.push(test.tc_id.to_string());
            }
        }
    }
    assert!(wrong.is_empty(), "{name:?}: {wrong:?}");
    assert_eq!(count, set.number_of_tests);
    count
}
