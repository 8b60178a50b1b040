//! The registers of the LAN9118 and the sequences in which they are used.
//!
//! Names are those of the data sheet (SMSC LAN9118, chapter 5). Every loop is bounded by what the chip says it holds.

use qemu_support::ethernet::{Chip, MAX_FRAME, Reception};
use qemu_support::registers::Registers;

/// The controller's registers take up this many bytes.
pub(crate) const SIZE: usize = 0x100;

const RX_DATA: usize = 0x00;
const TX_DATA: usize = 0x20;
const RX_STATUS: usize = 0x40;
const TX_STATUS: usize = 0x48;
const IRQ_CFG: usize = 0x54;
const INT_STS: usize = 0x58;
const INT_EN: usize = 0x5C;
const BYTE_TEST: usize = 0x64;
const FIFO_INT: usize = 0x68;
const RX_CFG: usize = 0x6C;
const TX_CFG: usize = 0x70;
const HW_CFG: usize = 0x74;
const RX_FIFO_INF: usize = 0x7C;
const TX_FIFO_INF: usize = 0x80;
const MAC_CSR_CMD: usize = 0xA4;
const MAC_CSR_DATA: usize = 0xA8;

/// Interrupt: the receive status FIFO holds something.
const RSFL: u32 = 1 << 3;
/// Interrupt: the transmit data FIFO has room again.
const TDFA: u32 = 1 << 9;
/// Interrupt: the transmit data FIFO was overfilled.
const TDFO: u32 = 1 << 10;
/// Interrupt: the transmitter lost count of its commands.
const TXE: u32 = 1 << 13;
/// Interrupt: the receiver was read past its end.
const RXE: u32 = 1 << 14;

/// Registers behind `MAC_CSR_CMD`.
const MAC_CR: u32 = 1;
const ADDRH: u32 = 2;
const ADDRL: u32 = 3;
const MII_ACC: u32 = 6;
const MII_DATA: u32 = 7;

/// Full duplex, transmitter and receiver on.
const MAC_CR_ON: u32 = 0x0010_000C;
const MAC_CR_RXEN: u32 = 1 << 2;
const TX_CFG_ON: u32 = 1 << 1;
const TX_CFG_DUMP: u32 = (1 << 15) | (1 << 14);
const RX_CFG_DUMP: u32 = 1 << 15;
/// A transmit FIFO of 5 KB, which leaves 10.5 KB to the receiver, and "must be one" (the frame is
/// stored before it is sent).
const HW_CFG_FIFO: u32 = (5 << 16) | (1 << 20);
/// What the transmitter must have free before it is given a frame with its two command words, in
/// bytes.
const ROOM_FOR_A_FRAME: u16 = 1600;
/// Interrupt when there is that room (in units of 64 bytes) in the transmitter, and at one frame in
/// the receiver.
const FIFO_LEVELS: u32 = (ROOM_FOR_A_FRAME as u32 / 64) << 24;
/// The interrupt line is on, pushed and pulled, high when active.
const IRQ_CFG_ON: u32 = 0x111;
const RX_ERROR: u32 = 1 << 15;

/// How often a register is read before the chip counts as stuck: far beyond what a working one
/// takes.
const PATIENCE: u32 = 100_000;
/// The checksum that the chip leaves behind a received frame, in bytes.
const CHECKSUM: usize = 4;
/// The shortest frame that says where it comes from.
const MIN_FRAME: usize = 14;

#[derive(Clone, Copy)]
pub(crate) struct Lan9118(Registers<SIZE>);

/// Why there is no network.
#[derive(Clone, Copy, Debug, defmt::Format)]
pub(crate) enum StartError {
    /// No LAN9118 answers; what it said instead of its test pattern.
    NoChip(u32),
    /// The chip did not come back from its reset.
    StuckInReset,
    /// The part of the chip that talks to the wire does not finish a command.
    StuckMac,
}

impl Lan9118 {
    pub(crate) const fn at(registers: Registers<SIZE>) -> Self {
        Self(registers)
    }

    /// Resets and configures everything, and returns the Ethernet address that the chip has loaded
    /// from its EEPROM.
    pub(crate) fn start(self) -> Result<[u8; 6], StartError> {
        const TEST_PATTERN: u32 = 0x8765_4321;
        const SOFT_RESET: u32 = 1;
        wait(|| self.0.read::<BYTE_TEST>() == TEST_PATTERN)
            .ok_or_else(|| StartError::NoChip(self.0.read::<BYTE_TEST>()))?;
        self.0.write::<HW_CFG>(SOFT_RESET);
        wait(|| self.0.read::<HW_CFG>() & SOFT_RESET == 0).ok_or(StartError::StuckInReset)?;
        self.silence();
        self.0.write::<HW_CFG>(HW_CFG_FIFO);
        self.0.write::<FIFO_INT>(FIFO_LEVELS);
        self.0.write::<INT_STS>(u32::MAX);
        self.0.write::<IRQ_CFG>(IRQ_CFG_ON);
        self.0.write::<RX_CFG>(0);
        self.0.write::<TX_CFG>(TX_CFG_ON);
        let low = self.read_mac(ADDRL).ok_or(StartError::StuckMac)?;
        let high = self.read_mac(ADDRH).ok_or(StartError::StuckMac)?;
        self.write_mac(MAC_CR, MAC_CR_ON)
            .ok_or(StartError::StuckMac)?;
        let mut address = [0; 6];
        let loaded = low.to_le_bytes().into_iter().chain(high.to_le_bytes());
        address
            .iter_mut()
            .zip(loaded)
            .for_each(|(to, from)| *to = from);
        Ok(address)
    }

    /// Throws away everything received and starts over: the way back after an overflow or a lost
    /// count.
    fn restart_receiver(self) {
        let _ = self.write_mac(MAC_CR, MAC_CR_ON & !MAC_CR_RXEN);
        self.0.write::<RX_CFG>(RX_CFG_DUMP);
        let _ = wait(|| self.0.read::<RX_CFG>() & RX_CFG_DUMP == 0);
        self.0.write::<INT_STS>(RXE);
        let _ = self.write_mac(MAC_CR, MAC_CR_ON);
    }

    fn restart_transmitter(self) {
        self.0.write::<TX_CFG>(TX_CFG_DUMP);
        let _ = wait(|| self.0.read::<TX_CFG>() & TX_CFG_DUMP == 0);
        self.0.write::<INT_STS>(TXE | TDFO);
        self.0.write::<TX_CFG>(TX_CFG_ON);
    }

    fn read_mac(self, register: u32) -> Option<u32> {
        const READ: u32 = 0xC000_0000;
        self.0.write::<MAC_CSR_CMD>(READ | register);
        self.wait_for_mac()?;
        Some(self.0.read::<MAC_CSR_DATA>())
    }

    fn write_mac(self, register: u32, value: u32) -> Option<()> {
        const WRITE: u32 = 0x8000_0000;
        self.0.write::<MAC_CSR_DATA>(value);
        self.0.write::<MAC_CSR_CMD>(WRITE | register);
        self.wait_for_mac()
    }

    fn wait_for_mac(self) -> Option<()> {
        const BUSY: u32 = 1 << 31;
        wait(|| self.0.read::<MAC_CSR_CMD>() & BUSY == 0)
    }
}

impl Chip for Lan9118 {
    const HEADER: usize = 0;
    /// Seven fill the chip's receive FIFO; the rest is left for what else is on the wire.
    const MAX_BURST: usize = 4;

    fn silence(self) {
        self.0.write::<INT_EN>(0);
    }

    fn ask_for_frames(self) {
        self.0.write::<INT_STS>(RSFL);
        self.0.set::<INT_EN>(RSFL);
    }

    fn ask_for_room(self) {
        self.0.write::<INT_STS>(TDFA);
        self.0.set::<INT_EN>(TDFA);
    }

    fn receive(self, buffer: &mut [u8]) -> Reception {
        let [held_low, held_high, frames, _] = self.0.read::<RX_FIFO_INF>().to_le_bytes();
        if frames == 0 {
            return Reception::Nothing;
        }
        let held = usize::from(u16::from_le_bytes([held_low, held_high]));
        let status = self.0.read::<RX_STATUS>();
        let length = usize::from(((status >> 16) as u16) & 0x3FFF);
        let lost_count = self.0.read::<INT_STS>() & RXE != 0;
        if lost_count || length.next_multiple_of(4) > held {
            self.restart_receiver();
            return Reception::Discarded;
        }
        let plausible = (MIN_FRAME + CHECKSUM..=MAX_FRAME + CHECKSUM).contains(&length);
        match buffer.get_mut(..length) {
            Some(frame) if plausible && status & RX_ERROR == 0 => {
                self.0.read_fifo::<RX_DATA>(frame);
                Reception::Frame(0..length - CHECKSUM)
            }
            _ => {
                self.0.discard_fifo::<RX_DATA>(length.div_ceil(4));
                Reception::Discarded
            }
        }
    }

    fn has_room(self) -> bool {
        if self.0.read::<INT_STS>() & (TXE | TDFO) != 0 {
            self.restart_transmitter();
        }
        let [room_low, room_high, sent, _] = self.0.read::<TX_FIFO_INF>().to_le_bytes();
        // Nobody waits for the outcome of a frame, but a full status FIFO would stop the
        // transmitter.
        self.0.discard_fifo::<TX_STATUS>(usize::from(sent));
        u16::from_le_bytes([room_low, room_high]) >= ROOM_FOR_A_FRAME
    }

    fn send(self, frame: &mut [u8]) {
        const FIRST_AND_LAST_SEGMENT: u32 = 0x3000;
        let Ok(length) = u32::try_from(frame.len()) else {
            return;
        };
        self.0.write::<TX_DATA>(FIRST_AND_LAST_SEGMENT | length);
        self.0.write::<TX_DATA>(length);
        self.0.write_fifo::<TX_DATA>(frame);
    }

    fn link_is_up(self) -> bool {
        const LINK: u32 = 1 << 2;
        const PHY_1: u32 = 1 << 11;
        const BASIC_STATUS: u32 = 1 << 6;
        const BUSY: u32 = 1;
        let status = self
            .write_mac(MII_ACC, PHY_1 | BASIC_STATUS | BUSY)
            .and_then(|()| {
                wait(|| {
                    self.read_mac(MII_ACC)
                        .is_none_or(|access| access & BUSY == 0)
                })?;
                self.read_mac(MII_DATA)
            });
        status.is_none_or(|status| status & LINK != 0)
    }
}

/// Waits until `done`, but not for long.
fn wait(mut done: impl FnMut() -> bool) -> Option<()> {
    (0..PATIENCE).any(|_| done()).then_some(())
}
