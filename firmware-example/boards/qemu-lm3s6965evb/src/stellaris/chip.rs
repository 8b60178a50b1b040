//! The registers of the Stellaris Ethernet controller and the sequences in which they are used.
//!
//! Names are those of the data sheet (LM3S6965, chapter "Ethernet Controller"), without their
//! prefix `MAC`.

use core::ops::Range;

use qemu_support::registers::Registers;

/// The controller's registers take up this many bytes.
pub(crate) const SIZE: usize = 0x40;
/// In both FIFOs a frame is preceded by its length, in two bytes.
pub(super) const HEADER: usize = 2;

/// Read: the interrupts that happened. Write: their acknowledgement.
const RIS_IACK: usize = 0x00;
const IM: usize = 0x04;
const RCTL: usize = 0x08;
const TCTL: usize = 0x0C;
const DATA: usize = 0x10;
const IA0: usize = 0x14;
const IA1: usize = 0x18;
const THR: usize = 0x1C;
const NP: usize = 0x34;
const TR: usize = 0x38;

/// Interrupt: a frame arrived.
const RX: u32 = 1;
/// Interrupt: the transmitter ran into an error. Acknowledging it also empties the transmitter.
const TXER: u32 = 1 << 1;
/// Interrupt: a frame was sent.
const TXEMP: u32 = 1 << 2;
/// Interrupt: the receiver overflowed.
const FOV: u32 = 1 << 3;

/// The receiver is on and rejects frames with a wrong checksum.
const RCTL_ON: u32 = (1 << 3) | 1;
const RCTL_RESET: u32 = 1 << 4;
/// Full duplex; the chip pads short frames and adds the checksum.
const TCTL_ON: u32 = (1 << 4) | (1 << 2) | (1 << 1) | 1;
/// A frame is sent when it is complete, never earlier.
const THR_WHOLE_FRAMES: u32 = 0x3F;
const NP_MASK: u32 = 0x3F;
const TR_SENDING: u32 = 1;

/// The checksum that the chip leaves behind a received frame, in bytes.
const CHECKSUM: usize = 4;
/// The length of an Ethernet header, which the chip does not count when it sends.
const ETHERNET_HEADER: usize = 14;
/// Taken when the chip knows no address of its own: locally administered, and the same on every
/// such board.
const FALLBACK_ADDRESS: [[u8; 4]; 2] = [[0x02, 0, 0, 0], [0x69, 0x65, 0, 0]];

#[derive(Clone, Copy)]
pub(super) struct Chip(Registers<SIZE>);

/// What an attempt to take a frame out of the chip came to.
pub(super) enum Reception {
    /// There was none.
    Nothing,
    /// There was something of no use.
    Discarded,
    /// There was one, which is now in this part of the buffer.
    Frame(Range<usize>),
}

impl Chip {
    pub(super) fn new(registers: Registers<SIZE>) -> Self {
        Self(registers)
    }

    /// Configures everything and returns the Ethernet address.
    pub(super) fn start(self) -> [u8; 6] {
        self.silence();
        let mut address = [0; 6];
        let loaded = [self.0.read::<IA0>(), self.0.read::<IA1>()].map(u32::to_le_bytes);
        address
            .iter_mut()
            .zip(loaded.into_iter().flatten())
            .for_each(|(to, from)| *to = from);
        if address == [0; 6] {
            let [low, high] = FALLBACK_ADDRESS;
            self.0.write::<IA0>(u32::from_le_bytes(low));
            self.0.write::<IA1>(u32::from_le_bytes(high));
            address
                .iter_mut()
                .zip(low.into_iter().chain(high))
                .for_each(|(to, from)| *to = from);
        }
        self.0.write::<THR>(THR_WHOLE_FRAMES);
        self.0.write::<TCTL>(TCTL_ON);
        self.restart_receiver();
        address
    }

    /// Switches all interrupts off until the next `ask_for_…`.
    pub(super) fn silence(self) {
        self.0.write::<IM>(0);
    }

    /// Asks for an interrupt when a frame arrives. One may already be there: look again afterwards.
    pub(super) fn ask_for_frames(self) {
        self.0.write::<RIS_IACK>(RX);
        self.0.set::<IM>(RX | FOV);
    }

    /// Asks for an interrupt when the frame under way is sent. It may already be: look again
    /// afterwards.
    pub(super) fn ask_for_room(self) {
        self.0.write::<RIS_IACK>(TXEMP);
        self.0.set::<IM>(TXEMP | TXER);
    }

    /// Takes one frame out of the chip, with its length before it and its checksum behind it.
    pub(super) fn receive(self, buffer: &mut [u8]) -> Reception {
        const SHORTEST: usize = HEADER + ETHERNET_HEADER + CHECKSUM;
        const FIFO: usize = 2048;
        if self.0.read::<RIS_IACK>() & FOV != 0 {
            self.restart_receiver();
            return Reception::Discarded;
        }
        let frames = self.0.read::<NP>() & NP_MASK;
        if frames == 0 {
            return Reception::Nothing;
        }
        let first = self.0.read::<DATA>().to_le_bytes();
        let [low, high, ..] = first;
        let length = usize::from(u16::from_le_bytes([low, high]));
        if !(SHORTEST..=FIFO).contains(&length) {
            self.restart_receiver();
            return Reception::Discarded;
        }
        let Some((header, rest)) = buffer
            .get_mut(..length)
            .and_then(|all| all.split_at_mut_checked(4))
        else {
            self.0.discard_fifo::<DATA>(length.div_ceil(4) - 1);
            return Reception::Discarded;
        };
        header.copy_from_slice(&first);
        self.0.read_fifo::<DATA>(rest);
        Reception::Frame(HEADER..length - CHECKSUM)
    }

    /// Whether the transmitter can take a frame.
    pub(super) fn has_room(self) -> bool {
        if self.0.read::<RIS_IACK>() & TXER != 0 {
            self.0.write::<RIS_IACK>(TXER);
        }
        self.0.read::<TR>() & TR_SENDING == 0
    }

    /// Sends the frame of `length` bytes that stands in `buffer` behind the room for its header.
    pub(super) fn send(self, buffer: &mut [u8], length: usize) {
        let counted = length.checked_sub(ETHERNET_HEADER).map(u16::try_from);
        let (Some(Ok(counted)), Some(message)) = (counted, buffer.get_mut(..HEADER + length))
        else {
            return;
        };
        message
            .iter_mut()
            .zip(counted.to_le_bytes())
            .for_each(|(to, from)| *to = from);
        self.0.write_fifo::<DATA>(message);
        self.0.write::<TR>(TR_SENDING);
    }

    /// Throws away everything received and starts over: the way back after an overflow or a lost
    /// count.
    fn restart_receiver(self) {
        self.0.write::<RCTL>(0);
        self.0.write::<RCTL>(RCTL_RESET);
        self.0.write::<RIS_IACK>(RX | FOV);
        self.0.write::<RCTL>(RCTL_ON);
    }
}
