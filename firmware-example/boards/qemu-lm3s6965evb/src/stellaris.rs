//! The Ethernet controller of the Stellaris LM3S6965 as a driver for embassy-net.
//!
//! Frames pass through the chip's two FIFOs of 2 KB, word by word. The interrupt handler only
//! silences the chip and wakes the network task; the driver then works until the FIFO is empty,
//! asks for the next interrupt and looks once more, so that a frame that arrived in between is not
//! left lying. Every loop is bounded, and a receiver that overflowed or makes no sense is emptied
//! and goes on.
//!
//! QEMU does not emulate the transceiver's registers, so that the link counts as up.

use core::{ops::Range, task::Context};

use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use embassy_sync::waitqueue::AtomicWaker;
use qemu_support::registers::Registers;

mod chip;

use chip::{Chip, HEADER, Reception};

/// The longest Ethernet frame without its checksum.
const MAX_FRAME: usize = 1514;
/// The same in whole words, with the length before it and the checksum behind it.
const BUFFER: usize = 1520;
/// How many full frames the other side may have under way to us: the real chip's FIFO holds only
/// one, and drops what comes after that until the other side sends it again.
const MAX_BURST: usize = 1;
/// How many damaged frames are thrown away before other tasks get their turn.
const MAX_DISCARDED: usize = 8;

/// How many frames are taken before other tasks get their turn: the network stack goes on for as long as there are any,
/// so that a flood could keep everything else waiting.
const MAX_IN_A_ROW: u8 = 16;

static WAKER: AtomicWaker = AtomicWaker::new();

/// The controller.
pub(crate) struct Stellaris {
    chip: Chip,
    address: [u8; 6],
    buffers: &'static mut Buffers,
    /// Frames taken since the last time that there was none.
    in_a_row: u8,
}

/// Room for one frame in each direction.
pub(crate) struct Buffers {
    received: [u8; BUFFER],
    sending: [u8; BUFFER],
}

impl Buffers {
    pub(crate) const fn new() -> Self {
        Self {
            received: [0; BUFFER],
            sending: [0; BUFFER],
        }
    }
}

impl Stellaris {
    /// Configures the controller, reads its address and starts it.
    pub(crate) fn start(
        registers: Registers<{ chip::SIZE }>,
        buffers: &'static mut Buffers,
    ) -> Self {
        let chip = Chip::new(registers);
        Self {
            chip,
            address: chip.start(),
            buffers,
            in_a_row: 0,
        }
    }

    /// Handles the controller's interrupt.
    pub(crate) fn on_interrupt(registers: Registers<{ chip::SIZE }>) {
        Chip::new(registers).silence();
        WAKER.wake();
    }

    /// Where the next good frame is in the buffer for received ones.
    fn next_frame(&mut self, cx: &Context<'_>) -> Option<Range<usize>> {
        for _ in 0..MAX_DISCARDED {
            match self.chip.receive(&mut self.buffers.received) {
                Reception::Nothing => return None,
                Reception::Discarded => {}
                Reception::Frame(range) => return Some(range),
            }
        }
        cx.waker().wake_by_ref();
        None
    }

    /// Asks for an interrupt at the next frame, and looks whether it came before that took effect.
    fn await_frame(&mut self, cx: &Context<'_>) -> Option<Range<usize>> {
        WAKER.register(cx.waker());
        self.chip.ask_for_frames();
        self.next_frame(cx)
    }

    /// Whether to pretend that there is no frame, and to be asked again when others had their turn.
    fn gives_way(&mut self, cx: &Context<'_>) -> bool {
        if self.in_a_row < MAX_IN_A_ROW {
            return false;
        }
        self.in_a_row = 0;
        cx.waker().wake_by_ref();
        true
    }

    fn can_send(&self, cx: &Context<'_>) -> bool {
        if self.chip.has_room() {
            return true;
        }
        WAKER.register(cx.waker());
        self.chip.ask_for_room();
        self.chip.has_room()
    }
}

impl Driver for Stellaris {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = Sending<'a>;

    fn receive(&mut self, cx: &mut Context<'_>) -> Option<(Received<'_>, Sending<'_>)> {
        // An answer must be possible, or the frame stays in the chip.
        if !self.can_send(cx) || self.gives_way(cx) {
            return None;
        }
        let found = self.next_frame(cx).or_else(|| self.await_frame(cx));
        self.in_a_row = found.as_ref().map_or(0, |_| self.in_a_row + 1);
        let range = found?;
        let frame = self.buffers.received.get_mut(range)?;
        Some((
            Received { frame },
            Sending {
                chip: self.chip,
                buffer: &mut self.buffers.sending,
            },
        ))
    }

    fn transmit(&mut self, cx: &mut Context<'_>) -> Option<Sending<'_>> {
        self.can_send(cx).then_some(Sending {
            chip: self.chip,
            buffer: &mut self.buffers.sending,
        })
    }

    fn link_state(&mut self, _: &mut Context<'_>) -> LinkState {
        LinkState::Up
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.max_transmission_unit = MAX_FRAME;
        capabilities.max_burst_size = Some(MAX_BURST);
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        HardwareAddress::Ethernet(self.address)
    }
}

/// A frame that arrived.
pub(crate) struct Received<'a> {
    frame: &'a mut [u8],
}

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, f: F) -> R {
        f(self.frame)
    }
}

/// The right to send one frame, for which the chip has room.
pub(crate) struct Sending<'a> {
    chip: Chip,
    buffer: &'a mut [u8; BUFFER],
}

impl TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, f: F) -> R {
        // No frame is longer than `max_transmission_unit`, so that this is the whole of it.
        let frame = self
            .buffer
            .get_mut(HEADER..HEADER + length)
            .unwrap_or_default();
        let result = f(frame);
        self.chip.send(self.buffer, length);
        result
    }
}
