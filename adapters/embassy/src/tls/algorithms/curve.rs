//! The curves `y^2 = x^3 - 3x + b` of FIPS 186, as far as checking a signature needs them.
//!
//! Points are triples with `x = X/Z^2`, `y = Y/Z^3`, so that adding them divides nothing; `Z = 0` is the point at
//! infinity. All numbers are public, so the additions may take a shorter way where they see one.

use super::limbs::add_to;
use super::montgomery::Modulus;

/// Of the largest curve.
const LIMBS: usize = if cfg!(feature = "p384") { 12 } else { 8 };

/// A number below the field's modulus or the group's order.
pub(crate) type Number = [u32; LIMBS];

/// A curve's numbers, big-endian, each as long as the modulus of its field.
pub(crate) struct Curve {
    pub(crate) bytes: usize,
    field: &'static [u8],
    /// How many points there are.
    order: &'static [u8],
    b: &'static [u8],
    /// The generator.
    x: &'static [u8],
    y: &'static [u8],
}

/// secp256r1, the P-256 of FIPS 186.
pub(crate) static P256: Curve = Curve {
    bytes: 32,
    field: &[
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF,
    ],
    order: &[
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63,
        0x25, 0x51,
    ],
    b: &[
        0x5A, 0xC6, 0x35, 0xD8, 0xAA, 0x3A, 0x93, 0xE7, 0xB3, 0xEB, 0xBD, 0x55, 0x76, 0x98, 0x86,
        0xBC, 0x65, 0x1D, 0x06, 0xB0, 0xCC, 0x53, 0xB0, 0xF6, 0x3B, 0xCE, 0x3C, 0x3E, 0x27, 0xD2,
        0x60, 0x4B,
    ],
    x: &[
        0x6B, 0x17, 0xD1, 0xF2, 0xE1, 0x2C, 0x42, 0x47, 0xF8, 0xBC, 0xE6, 0xE5, 0x63, 0xA4, 0x40,
        0xF2, 0x77, 0x03, 0x7D, 0x81, 0x2D, 0xEB, 0x33, 0xA0, 0xF4, 0xA1, 0x39, 0x45, 0xD8, 0x98,
        0xC2, 0x96,
    ],
    y: &[
        0x4F, 0xE3, 0x42, 0xE2, 0xFE, 0x1A, 0x7F, 0x9B, 0x8E, 0xE7, 0xEB, 0x4A, 0x7C, 0x0F, 0x9E,
        0x16, 0x2B, 0xCE, 0x33, 0x57, 0x6B, 0x31, 0x5E, 0xCE, 0xCB, 0xB6, 0x40, 0x68, 0x37, 0xBF,
        0x51, 0xF5,
    ],
};

/// secp384r1, the P-384 of FIPS 186.
#[cfg(feature = "p384")]
pub(crate) static P384: Curve = Curve {
    bytes: 48,
    field: &[
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF,
        0xFF, 0xFF, 0xFF,
    ],
    order: &[
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xC7, 0x63, 0x4D, 0x81, 0xF4, 0x37,
        0x2D, 0xDF, 0x58, 0x1A, 0x0D, 0xB2, 0x48, 0xB0, 0xA7, 0x7A, 0xEC, 0xEC, 0x19, 0x6A, 0xCC,
        0xC5, 0x29, 0x73,
    ],
    b: &[
        0xB3, 0x31, 0x2F, 0xA7, 0xE2, 0x3E, 0xE7, 0xE4, 0x98, 0x8E, 0x05, 0x6B, 0xE3, 0xF8, 0x2D,
        0x19, 0x18, 0x1D, 0x9C, 0x6E, 0xFE, 0x81, 0x41, 0x12, 0x03, 0x14, 0x08, 0x8F, 0x50, 0x13,
        0x87, 0x5A, 0xC6, 0x56, 0x39, 0x8D, 0x8A, 0x2E, 0xD1, 0x9D, 0x2A, 0x85, 0xC8, 0xED, 0xD3,
        0xEC, 0x2A, 0xEF,
    ],
    x: &[
        0xAA, 0x87, 0xCA, 0x22, 0xBE, 0x8B, 0x05, 0x37, 0x8E, 0xB1, 0xC7, 0x1E, 0xF3, 0x20, 0xAD,
        0x74, 0x6E, 0x1D, 0x3B, 0x62, 0x8B, 0xA7, 0x9B, 0x98, 0x59, 0xF7, 0x41, 0xE0, 0x82, 0x54,
        0x2A, 0x38, 0x55, 0x02, 0xF2, 0x5D, 0xBF, 0x55, 0x29, 0x6C, 0x3A, 0x54, 0x5E, 0x38, 0x72,
        0x76, 0x0A, 0xB7,
    ],
    y: &[
        0x36, 0x17, 0xDE, 0x4A, 0x96, 0x26, 0x2C, 0x6F, 0x5D, 0x9E, 0x98, 0xBF, 0x92, 0x92, 0xDC,
        0x29, 0xF8, 0xF4, 0x1D, 0xBD, 0x28, 0x9A, 0x14, 0x7C, 0xE9, 0xDA, 0x31, 0x13, 0xB5, 0xF0,
        0xB8, 0xC0, 0x0A, 0x60, 0xB1, 0xCE, 0x1D, 0x7E, 0x81, 0x9D, 0x7A, 0x43, 0x1D, 0x7C, 0x90,
        0xEA, 0x0E, 0x5F,
    ],
};

impl Curve {
    /// For arithmetic on the factors of points.
    pub(crate) fn order(&self) -> Option<Modulus<LIMBS>> {
        Modulus::new(self.order)
    }

    /// Whether `factor * generator + key_factor * key` has an x-coordinate of `r` modulo the order.
    ///
    /// `None` if the key, an uncompressed point without its leading octet, is no point of this curve.
    pub(crate) fn sum_has_x(
        &self,
        factor: &Number,
        key_factor: &Number,
        key: &[u8],
        r: &Number,
    ) -> Option<bool> {
        let group = Group::new(self)?;
        let (x, y) = key
            .split_at_checked(self.bytes)
            .filter(|(_, y)| y.len() == self.bytes)?;
        let key = group.point(x, y)?;
        let generator = group.point(self.x, self.y)?;
        let sum = group.sum_of_products(factor, &generator, key_factor, &key);
        Some(group.has_x(&sum, r))
    }
}

/// A curve, ready to calculate with. Numbers of its field are in Montgomery's form.
struct Group {
    field: Modulus<LIMBS>,
    r_squared: Number,
    order: Number,
    b: Number,
}

#[derive(Clone, Copy)]
struct Point {
    x: Number,
    y: Number,
    z: Number,
}

const INFINITY: Point = Point {
    x: [0; LIMBS],
    y: [0; LIMBS],
    z: [0; LIMBS],
};

impl Point {
    fn is_infinity(&self) -> bool {
        self.z == INFINITY.z
    }
}

impl Group {
    fn new(curve: &Curve) -> Option<Self> {
        let field = Modulus::new(curve.field)?;
        let r_squared = field.r_squared();
        Some(Self {
            b: field.multiply(&field.number(curve.b)?, &r_squared),
            order: field.number(curve.order)?,
            field,
            r_squared,
        })
    }

    /// The point of these coordinates, if they are below the field's modulus and lie on the curve.
    ///
    /// The group has a prime order, so that there is nothing else to know about it.
    fn point(&self, x: &[u8], y: &[u8]) -> Option<Point> {
        let field = &self.field;
        let in_form = |number: &Number| field.multiply(number, &self.r_squared);
        let x = in_form(&field.number(x)?);
        let y = in_form(&field.number(y)?);
        let mut one = [0; LIMBS];
        *one.first_mut()? = 1;

        let cubed = field.multiply(&field.multiply(&x, &x), &x);
        let tripled = field.add(&field.add(&x, &x), &x);
        let right = field.add(&field.subtract(&cubed, &tripled), &self.b);
        (field.multiply(&y, &y) == right).then(|| Point {
            x,
            y,
            z: in_form(&one),
        })
    }

    /// `a * p + b * q`, two bits of both factors at a time.
    fn sum_of_products(&self, a: &Number, p: &Point, b: &Number, q: &Point) -> Point {
        // i * p + j * q at 4 * i + j.
        let mut sums = [INFINITY; 16];
        let (mut row, mut sum) = (INFINITY, INFINITY);
        for (at, entry) in sums.iter_mut().enumerate() {
            if at > 0 && at % 4 == 0 {
                row = self.add(&row, p);
                sum = row;
            } else if at > 0 {
                sum = self.add(&sum, q);
            }
            *entry = sum;
        }
        let mut total = INFINITY;
        for (a, b) in a.iter().zip(b).rev() {
            for shift in (0..32).step_by(2).rev() {
                total = self.double(&self.double(&total));
                let at = ((a >> shift) & 3) * 4 + ((b >> shift) & 3);
                if let Some(sum) = usize::try_from(at).ok().and_then(|at| sums.get(at)) {
                    total = self.add(&total, sum);
                }
            }
        }
        total
    }

    fn add(&self, p: &Point, q: &Point) -> Point {
        if p.is_infinity() {
            return *q;
        }
        if q.is_infinity() {
            return *p;
        }
        let field = &self.field;
        let (p_zz, q_zz) = (field.multiply(&p.z, &p.z), field.multiply(&q.z, &q.z));
        // Both points over the common denominator (Zp * Zq)^2 and ^3: only their numerators differ.
        let p_x = field.multiply(&p.x, &q_zz);
        let q_x = field.multiply(&q.x, &p_zz);
        let p_y = field.multiply(&field.multiply(&p.y, &q_zz), &q.z);
        let q_y = field.multiply(&field.multiply(&q.y, &p_zz), &p.z);
        let run = field.subtract(&q_x, &p_x);
        let rise = field.subtract(&q_y, &p_y);
        if run == INFINITY.x && rise == INFINITY.y {
            // No line goes through a point and itself; of a point and its opposite, Z becomes 0 below.
            return self.double(p);
        }
        let run_squared = field.multiply(&run, &run);
        let run_cubed = field.multiply(&run_squared, &run);
        let middle = field.multiply(&p_x, &run_squared);
        let x = field.subtract(
            &field.subtract(&field.multiply(&rise, &rise), &run_cubed),
            &field.add(&middle, &middle),
        );
        let y = field.subtract(
            &field.multiply(&rise, &field.subtract(&middle, &x)),
            &field.multiply(&p_y, &run_cubed),
        );
        Point {
            x,
            y,
            z: field.multiply(&field.multiply(&p.z, &q.z), &run),
        }
    }

    /// Twice a point. No point of these curves has `Y = 0`.
    fn double(&self, p: &Point) -> Point {
        // P-256 has less bits than a number has room for: the sum stays infinity for a while.
        if p.is_infinity() {
            return *p;
        }
        let field = &self.field;
        let twice = |number: &Number| field.add(number, number);
        let two_y = twice(&p.y);
        let two_yy = field.multiply(&two_y, &p.y);
        let middle = twice(&field.multiply(&p.x, &two_yy));
        let zz = field.multiply(&p.z, &p.z);
        // 3x^2 - 3, the tangent's slope, over a common denominator: 3 (X - Z^2) (X + Z^2).
        let third = field.multiply(&field.subtract(&p.x, &zz), &field.add(&p.x, &zz));
        let slope = field.add(&third, &twice(&third));
        let x = field.subtract(&field.multiply(&slope, &slope), &twice(&middle));
        let y = field.subtract(
            &field.multiply(&slope, &field.subtract(&middle, &x)),
            &twice(&field.multiply(&two_yy, &two_yy)),
        );
        Point {
            x,
            y,
            z: field.multiply(&two_y, &p.z),
        }
    }

    /// Whether the point's x-coordinate is `r` modulo the order: `X = r Z^2`, or with `r + order` where that is still
    /// a number of the field. There is no third, because the field has less than two times as many numbers.
    fn has_x(&self, point: &Point, r: &Number) -> bool {
        if point.is_infinity() {
            return false;
        }
        let field = &self.field;
        let zz = field.multiply(&point.z, &point.z);
        let is_x = |number: &Number| {
            field.multiply(&field.multiply(number, &self.r_squared), &zz) == point.x
        };
        let mut larger = *r;
        let overflows = add_to(&mut larger, &self.order);
        is_x(r) || (!overflows && field.exceeds(&larger) && is_x(&larger))
    }
}
