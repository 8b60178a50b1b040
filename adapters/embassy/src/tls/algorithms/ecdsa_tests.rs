//! Against RustCrypto's `p256` and `p384`, from whose points signatures are made that no signer would come upon.

use std::vec;
use std::vec::Vec;

use num_bigint::BigUint;
use proptest::prelude::*;

use super::super::test_numbers::{
    der, integer, integer_of, number, padded, prime_of_bits, sequence,
};
use super::*;

/// What is tested on a curve: `verify` in `ours`, RustCrypto's opinion in `theirs`.
macro_rules! on_curve {
    ($name:ident, $theirs:ident, $curve:ident, $length:literal) => {
        mod $name {
            use $theirs::elliptic_curve::PrimeField;
            use $theirs::elliptic_curve::ops::Reduce;
            use $theirs::elliptic_curve::point::AffineCoordinates;
            use $theirs::elliptic_curve::sec1::{FromEncodedPoint, ToEncodedPoint};
            use $theirs::{AffinePoint, EncodedPoint, FieldBytes, ProjectivePoint, Scalar};

            use super::*;

            const LENGTH: usize = $length;
            type Octets = [u8; LENGTH];

            fn ours(key: &[u8], digest: &[u8], signature: &[u8]) -> bool {
                verify(&$curve, key, digest, signature).is_some()
            }

            fn theirs(key: &[u8], digest: &[u8], signature: &[u8]) -> bool {
                use $theirs::ecdsa::{
                    Signature, VerifyingKey, signature::hazmat::PrehashVerifier,
                };
                let checked = || {
                    let key = VerifyingKey::from_sec1_bytes(key).ok()?;
                    let signature = Signature::from_der(signature).ok()?;
                    key.verify_prehash(digest, &signature).ok()
                };
                key.first() == Some(&UNCOMPRESSED) && checked().is_some()
            }

            fn both(key: &[u8], digest: &[u8], signature: &[u8]) -> bool {
                let is_right = ours(key, digest, signature);
                assert_eq!(is_right, theirs(key, digest, signature));
                is_right
            }

            fn field() -> BigUint {
                prime_of_bits(8 * LENGTH)
            }

            fn order() -> BigUint {
                number(&(-Scalar::ONE).to_repr()) + 1_u8
            }

            fn scalar(bytes: &Octets) -> Scalar {
                Reduce::reduce_bytes(FieldBytes::from_slice(bytes))
            }

            fn x_of(point: ProjectivePoint) -> Octets {
                point.to_affine().x().into()
            }

            fn key_of(point: ProjectivePoint) -> Vec<u8> {
                point.to_affine().to_encoded_point(false).as_bytes().to_vec()
            }

            /// The point with this x-coordinate, if the curve has one.
            fn point_at(x: &BigUint) -> Option<ProjectivePoint> {
                let x: Octets = padded(x);
                let compressed = [&[2], &x[..]].concat();
                let point = EncodedPoint::from_bytes(compressed).ok()?;
                let point: Option<AffinePoint> = AffinePoint::from_encoded_point(&point).into();
                point.map(ProjectivePoint::from)
            }

            /// For any key, and without its secret: a digest and its signature, of which a verifier finds
            /// `factor * generator + key_factor * key`.
            fn forge(key: ProjectivePoint, factor: Scalar, key_factor: Scalar) -> (Octets, Vec<u8>) {
                let r = scalar(&x_of(ProjectivePoint::GENERATOR * factor + key * key_factor));
                let s = r * key_factor.invert().unwrap();
                let digest = factor * s;
                (digest.to_repr().into(), der(&number(&r.to_repr()), &number(&s.to_repr())))
            }

            /// For a point with any x-coordinate: the key by which a verifier finds it, and the rest.
            fn forge_for(
                sum: ProjectivePoint,
                r: &BigUint,
                digest: Scalar,
                s: Scalar,
            ) -> (Vec<u8>, Octets, Vec<u8>) {
                let r_scalar = scalar(&padded(r));
                let inverse = s.invert().unwrap();
                let rest = sum - ProjectivePoint::GENERATOR * (digest * inverse);
                let key = rest * (r_scalar * inverse).invert().unwrap();
                let signature = der(r, &number(&s.to_repr()));
                (key_of(key), digest.to_repr().into(), signature)
            }

            prop_compose! {
                fn octets()(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(0xFF)], LENGTH)) -> Octets {
                    bytes.try_into().unwrap()
                }
            }

            /// Ordinary scalars, and those next to 0 and to the order, where additions meet equal points.
            fn scalars() -> impl Strategy<Value = Scalar> {
                prop_oneof![
                    octets().prop_map(|bytes| scalar(&bytes)),
                    (1..70_u64).prop_map(Scalar::from),
                    (1..70_u64).prop_map(|near| -Scalar::from(near)),
                ]
            }

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(300))]

                #[test]
                fn what_fits_is_accepted_and_nothing_near_it(
                    secret in scalars(),
                    factor in scalars(),
                    key_factor in scalars(),
                    at in any::<prop::sample::Index>(),
                    bit in 0..8_u8,
                    digest_length in 0..=64_usize,
                ) {
                    let key = ProjectivePoint::GENERATOR * secret;
                    prop_assume!(secret != Scalar::ZERO && key_factor != Scalar::ZERO);
                    prop_assume!(factor + key_factor * secret != Scalar::ZERO);
                    let (digest, signature) = forge(key, factor, key_factor);
                    let key = key_of(key);
                    prop_assert!(both(&key, &digest, &signature));
                    // Only the first bits of a longer digest count.
                    let mut longer = digest.to_vec();
                    longer.extend([0xA5; 16]);
                    prop_assert!(both(&key, &longer, &signature));
                    // RustCrypto refuses a digest of less than half the length; hashes have one of 32 to 64.
                    let other = vec![bit; digest_length.max(LENGTH.div_ceil(2))];
                    both(&key, &other, &signature);

                    let damage = |whole: &[u8]| {
                        let mut damaged = whole.to_vec();
                        damaged[at.index(whole.len())] ^= 1 << bit;
                        damaged
                    };
                    prop_assert!(!both(&key, &damage(&digest), &signature));
                    prop_assert!(!both(&damage(&key), &digest, &signature));
                    prop_assert!(!both(&key, &digest, &damage(&signature)));
                }

                #[test]
                fn noise_is_refused(
                    key in scalars(),
                    digest in octets(),
                    r in octets(),
                    s in octets(),
                    bytes in prop::collection::vec(any::<u8>(), 0..120),
                ) {
                    let key = key_of(ProjectivePoint::GENERATOR * key);
                    prop_assert!(!both(&key, &digest, &der(&number(&r), &number(&s))));
                    prop_assert!(!both(&key, &digest, &bytes));
                    prop_assert!(!both(&[&[4], &r[..], &s[..]].concat(), &digest, &bytes));
                    prop_assert!(!both(&bytes, &digest, &bytes));
                }

                /// Of a signature (r, s) there is a second one, (r, n - s).
                #[test]
                fn both_halves_of_s_are_accepted(secret in scalars(), factor in scalars(), key_factor in scalars()) {
                    prop_assume!(secret != Scalar::ZERO && key_factor != Scalar::ZERO);
                    prop_assume!(factor + key_factor * secret != Scalar::ZERO);
                    let key = ProjectivePoint::GENERATOR * secret;
                    let (digest, signature) = forge(key, factor, key_factor);
                    let (r, s) = parts_of(&signature).unwrap();
                    let other = der(&number(r), &(order() - number(s)));
                    prop_assert!(both(&key_of(key), &digest, &other));
                }

                /// Whoever knows the secret can make the sum infinite, which has no x-coordinate.
                #[test]
                fn an_infinite_sum_is_refused(secret in scalars(), r in scalars(), s in scalars()) {
                    prop_assume!([secret, r, s].iter().all(|scalar| *scalar != Scalar::ZERO));
                    let key = key_of(ProjectivePoint::GENERATOR * secret);
                    let digest: Octets = (-(r * secret)).to_repr().into();
                    let signature = der(&number(&r.to_repr()), &number(&s.to_repr()));
                    prop_assert!(!both(&key, &digest, &signature));
                }

                /// r is the x-coordinate modulo the order; there are points between the order and the field's modulus.
                #[test]
                fn x_coordinates_above_the_order_are_reduced(
                    above in 1..1_000_000_u64,
                    from_the_end in any::<bool>(),
                    digest in octets(),
                    s in scalars(),
                ) {
                    let x = if from_the_end { field() - above } else { order() + above };
                    prop_assume!(s != Scalar::ZERO);
                    if let Some(sum) = point_at(&x) {
                        let r = &x - order();
                        let (key, digest, signature) = forge_for(sum, &r, scalar(&digest), s);
                        prop_assert!(both(&key, &digest, &signature));
                        let unreduced = der(&x, &number(&s.to_repr()));
                        prop_assert!(!both(&key, &digest, &unreduced));
                    }
                }

                /// The same small r for a point whose x-coordinate is r itself.
                #[test]
                fn x_coordinates_below_the_difference_are_found_too(x in 1..1_000_000_u64, digest in octets(), s in scalars()) {
                    prop_assume!(s != Scalar::ZERO);
                    if let Some(sum) = point_at(&x.into()) {
                        let (key, digest, signature) = forge_for(sum, &x.into(), scalar(&digest), s);
                        prop_assert!(both(&key, &digest, &signature));
                    }
                }
            }

            /// r + n = p is 0 in the field, which is no reason to accept a point whose x-coordinate is 0.
            #[test]
            fn r_plus_the_order_must_stay_below_the_modulus() {
                let sum = point_at(&0_u8.into()).expect("x = 0 is on both curves");
                for past in [0_u8, 1, 2, 5] {
                    let x = BigUint::from(past);
                    if let Some(sum) = point_at(&x) {
                        let r = field() - order() + past;
                        let (key, digest, signature) =
                            forge_for(sum, &r, Scalar::from(7_u64), Scalar::from(9_u64));
                        assert!(!both(&key, &digest, &signature), "{past}");
                    }
                }
                let (key, digest, signature) =
                    forge_for(sum, &1_u8.into(), Scalar::from(7_u64), Scalar::from(9_u64));
                assert!(!both(&key, &digest, &signature));
            }

            #[test]
            fn parts_out_of_range_are_refused() {
                let key = ProjectivePoint::GENERATOR * Scalar::from(5_u64);
                let (digest, signature) = forge(key, Scalar::from(3_u64), Scalar::from(4_u64));
                let key = key_of(key);
                let (r, s) = parts_of(&signature).unwrap();
                let (r, s) = (number(r), number(s));
                assert!(both(&key, &digest, &der(&r, &s)));
                let zero = BigUint::from(0_u8);
                let whole = BigUint::from(1_u8) << (8 * LENGTH);
                let wrong = [zero, order() - 1_u8, order(), order() + 1_u8, field(), whole - 1_u8];
                for wrong in wrong {
                    for signature in [der(&r, &wrong), der(&wrong, &s), der(&wrong, &wrong)] {
                        assert!(!both(&key, &digest, &signature), "{wrong}");
                    }
                }
                // The same numbers modulo the order.
                for signature in [der(&(&r + order()), &s), der(&r, &(&s + order()))] {
                    assert!(!both(&key, &digest, &signature));
                }
            }

            /// So small that with the order added they still fit the octets.
            #[test]
            fn small_parts_are_accepted_and_refused_with_the_order_added() {
                let mut found = 0;
                for small in 1..40_u8 {
                    let s = BigUint::from(small);
                    let Some(sum) = point_at(&s) else {
                        continue;
                    };
                    found += 1;
                    let scalar = Scalar::from(u64::from(small));
                    let (key, digest, signature) = forge_for(sum, &s, Scalar::from(7_u64), scalar);
                    assert!(both(&key, &digest, &signature));
                    for unreduced in [der(&s, &(&s + order())), der(&(&s + order()), &s)] {
                        assert!(!both(&key, &digest, &unreduced), "{small}");
                    }
                }
                assert!(found > 10);
            }

            #[test]
            fn signatures_in_other_encodings_are_refused() {
                let key = ProjectivePoint::GENERATOR * Scalar::from(5_u64);
                let (digest, signature) = forge(key, Scalar::from(3_u64), Scalar::from(4_u64));
                let key = key_of(key);
                let (r, s) = parts_of(&signature).unwrap();
                let padded = |part: &[u8], zeros: usize| integer(&[&vec![0; zeros], part].concat());
                let (r_der, s_der) = (integer_of(&number(r)), integer_of(&number(s)));
                let content = [&r_der[..], &s_der].concat();
                assert!(both(&key, &digest, &sequence(&content)));
                let length = u8::try_from(content.len()).unwrap();
                let wrong: Vec<Vec<u8>> = vec![
                    sequence(&[&padded(r, 2)[..], &s_der].concat()),
                    sequence(&[&r_der[..], &padded(s, 2)].concat()),
                    sequence(&[&content[..], &[5, 0]].concat()),
                    sequence(&[&content[..], &[0]].concat()),
                    sequence(&r_der),
                    sequence(&[]),
                    [&[0x30, 0x81, length], &content[..]].concat(),
                    [&[0x30, 0x82, 0, length], &content[..]].concat(),
                    [&[0x30, 0x80], &content[..], &[0, 0]].concat(),
                    [&[0x31, length], &content[..]].concat(),
                    content.clone(),
                    [r, s].concat(),
                ];
                for wrong in wrong {
                    assert!(!both(&key, &digest, &wrong), "{wrong:02X?}");
                }
                for end in 0..signature.len() {
                    assert!(!both(&key, &digest, &signature[..end]));
                }
            }

            /// A coordinate of 3 and one of p + 3 are the same in the field, and not the same key.
            #[test]
            fn coordinates_above_the_modulus_are_refused() {
                let mut found = 0;
                for x in 0..40_u8 {
                    let Some(key) = point_at(&x.into()) else { continue };
                    found += 1;
                    let (digest, signature) = forge(key, Scalar::from(3_u64), Scalar::from(4_u64));
                    let key = key_of(key);
                    assert!(both(&key, &digest, &signature));
                    let more: Octets = padded(&(field() + x));
                    let unreduced = [&[4], &more[..], &key[1 + LENGTH..]].concat();
                    assert!(!both(&unreduced, &digest, &signature), "{x}");
                }
                assert!(found > 10);
            }

            #[test]
            fn keys_that_are_no_points_are_refused() {
                let key = ProjectivePoint::GENERATOR * Scalar::from(5_u64);
                let (digest, signature) = forge(key, Scalar::from(3_u64), Scalar::from(4_u64));
                let key = key_of(key);
                let (x, y) = key[1..].split_at(LENGTH);
                let zeros = [0; LENGTH];
                let wrong: Vec<Vec<u8>> = vec![
                    vec![],
                    vec![0],
                    vec![4],
                    [&[4], x].concat(),
                    [&[2 + (y[LENGTH - 1] & 1)], x].concat(),
                    [&[6 + (y[LENGTH - 1] & 1)], x, y].concat(),
                    [&[5], x, y].concat(),
                    [x, y].concat(),
                    [&[4], x, y, &[0]].concat(),
                    [&[4], x, &y[1..]].concat(),
                    [&[4], x, &[0], y].concat(),
                    [&[4], &zeros[..], &zeros].concat(),
                    [&[4], &zeros[..], y].concat(),
                    [&[4], x, &zeros].concat(),
                    [&[4], y, x].concat(),
                ];
                for wrong in wrong {
                    assert!(!both(&wrong, &digest, &signature), "{wrong:02X?}");
                }
            }

            #[test]
            fn a_coordinate_without_its_leading_zero_is_refused() {
                let mut key = ProjectivePoint::GENERATOR;
                while key_of(key)[1 + LENGTH] != 0 {
                    key += ProjectivePoint::GENERATOR;
                }
                let (digest, signature) = forge(key, Scalar::from(3_u64), Scalar::from(4_u64));
                let mut key = key_of(key);
                assert!(both(&key, &digest, &signature));
                key.remove(1 + LENGTH);
                assert!(!both(&key, &digest, &signature));
            }

            /// No formula but the check of the key uses b: on the curve of another b, any point is its own multiple by 1.
            #[test]
            fn a_key_of_another_curve_is_refused_though_its_signature_fits() {
                let key = key_of(ProjectivePoint::GENERATOR * Scalar::from(5_u64));
                let (x, y) = key[1..].split_at(LENGTH);
                let r = number(x) % order();
                let (digest, signature) = ([0; LENGTH], der(&r, &r));
                assert!(both(&key, &digest, &signature));
                for other_y in [number(y) + 1_u8, number(x), BigUint::from(1_u8)] {
                    let other_y: Octets = padded(&other_y);
                    let other = [&[4], x, &other_y].concat();
                    assert!(!both(&other, &digest, &signature));
                }
            }

            /// Sums in which both points, or a point and its opposite, meet again and again; a digest of 0, too.
            #[test]
            fn keys_next_to_the_generator_are_like_any_other() {
                let small = || (1..=20_u64).map(Scalar::from).flat_map(|scalar| [scalar, -scalar]);
                let mut checked = 0;
                for secret in small() {
                    let key = ProjectivePoint::GENERATOR * secret;
                    for key_factor in small().step_by(13) {
                        for factor in small().step_by(5).chain([Scalar::ZERO]) {
                            if factor + key_factor * secret == Scalar::ZERO {
                                continue;
                            }
                            let (digest, signature) = forge(key, factor, key_factor);
                            assert!(both(&key_of(key), &digest, &signature));
                            checked += 1;
                        }
                    }
                }
                assert!(checked > 1000, "{checked}");
            }
        }
    };
}

on_curve!(on_p256, p256, P256, 32);
#[cfg(feature = "p384")]
on_curve!(on_p384, p384, P384, 48);
