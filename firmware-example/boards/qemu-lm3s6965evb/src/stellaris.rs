//! The registers of the Ethernet controller of the Stellaris LM3S6965, and the sequences in which they are used. Frames
//! pass through its two FIFOs of 2 KB.
//!
//! Names are those of the data sheet (LM3S6965, chapter "Ethernet Controller"), without their
//! prefix `MAC`.

use qemu_support::ethernet::{Chip, Reception};
use qemu_support::registers::Registers;

/// The controller's registers take up this many bytes.
pub(crate) const SIZE: usize = 0x40;
/// In both FIFOs a frame is preceded by its length, in two bytes.
const HEADER: usize = 2;

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
pub(crate) struct Stellaris(Registers<SIZE>);

impl Stellaris {
    pub(crate) const fn at(registers: Registers<SIZE>) -> Self {
        Self(registers)
    }

    /// Configures everything and returns the Ethernet address.
    pub(crate) fn start(self) -> [u8; 6] {
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

    /// Throws away everything received and starts over: the way back after an overflow or a lost
    /// count.
    fn restart_receiver(self) {
        self.0.write::<RCTL>(0);
        self.0.write::<RCTL>(RCTL_RESET);
        self.0.write::<RIS_IACK>(RX | FOV);
        self.0.write::<RCTL>(RCTL_ON);
    }
}

impl Chip for Stellaris {
    const HEADER: usize = HEADER;
    /// The real chip's FIFO holds only one.
    const MAX_BURST: usize = 1;

    fn silence(self) {
        self.0.write::<IM>(0);
    }

    fn ask_for_frames(self) {
        self.0.write::<RIS_IACK>(RX);
        self.0.set::<IM>(RX | FOV);
    }

    fn ask_for_room(self) {
        self.0.write::<RIS_IACK>(TXEMP);
        self.0.set::<IM>(TXEMP | TXER);
    }

    fn receive(self, buffer: &mut [u8]) -> Reception {
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

    fn has_room(self) -> bool {
        if self.0.read::<RIS_IACK>() & TXER != 0 {
            self.0.write::<RIS_IACK>(TXER);
        }
        self.0.read::<TR>() & TR_SENDING == 0
    }

    fn send(self, header_and_frame: &mut [u8]) {
        let counted = header_and_frame.len().checked_sub(HEADER + ETHERNET_HEADER);
        let Some(Ok(counted)) = counted.map(u16::try_from) else {
            return;
        };
        header_and_frame
            .iter_mut()
            .zip(counted.to_le_bytes())
            .for_each(|(to, from)| *to = from);
        self.0.write_fifo::<DATA>(header_and_frame);
        self.0.write::<TR>(TR_SENDING);
    }

    fn link_is_up(self) -> bool {
        true // QEMU does not emulate the transceiver's registers.
    }
}
