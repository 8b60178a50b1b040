//! An Ethernet chip that passes frames through FIFOs, word by word, as a driver for embassy-net.
//!
//! The interrupt handler only silences the chip and wakes the network task; the driver then works until the FIFO is
//! empty, asks for the next interrupt and looks once more, so that a frame that arrived in between is not left lying.
//! Every loop is bounded, and what the chip says is checked: a receiver that overflowed or makes no sense is emptied and
//! goes on.

use core::ops::Range;
use core::task::Context;

use embassy_net::{Config, DhcpConfig, Runner, Stack, StackResources};
use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use embassy_sync::waitqueue::AtomicWaker;
use rand_core::RngCore;
use static_cell::{ConstStaticCell, StaticCell};

use crate::host;
use crate::interrupt::{self, Irq, Urgency};

/// The longest Ethernet frame without its checksum.
pub const MAX_FRAME: usize = 1514;
/// The same in whole words, with the length that a chip may have before it and the checksum behind it.
const BUFFER: usize = 1520;
/// How many damaged frames are thrown away before other tasks get their turn.
const MAX_DISCARDED: usize = 8;
/// How many frames are taken before other tasks get their turn: the network stack goes on for as long as there are any,
/// so that a flood could keep everything else waiting.
const MAX_IN_A_ROW: u8 = 16;
/// DHCP, DNS and one TCP connection.
const SOCKETS: usize = 3;

static WAKER: AtomicWaker = AtomicWaker::new();

/// The registers of a chip that was started, and the sequences in which they are used.
pub trait Chip: Copy {
    /// Bytes before a frame to be sent in which the chip wants to be told about it.
    const HEADER: usize;
    /// How many full frames the other side may have under way to us; what comes after that the chip drops until the other
    /// side sends it again.
    const MAX_BURST: usize;

    /// Switches all interrupts off until the next `ask_for_…`.
    fn silence(self);
    /// Asks for an interrupt when a frame arrives. One may already be there: look again afterwards.
    fn ask_for_frames(self);
    /// Asks for an interrupt when there is room for a frame. There may already be: look again afterwards.
    fn ask_for_room(self);
    /// Takes one frame out of the chip and into `buffer`.
    fn receive(self, buffer: &mut [u8]) -> Reception;
    /// Whether a frame can be sent.
    fn has_room(self) -> bool;
    /// Sends a frame for which there is room. It stands behind [`HEADER`](Self::HEADER) bytes.
    fn send(self, header_and_frame: &mut [u8]);
    /// Whether the cable is connected. A chip that does not say counts as connected.
    fn link_is_up(self) -> bool;
}

/// What an attempt to take a frame out of the chip came to.
#[derive(Debug)]
pub enum Reception {
    /// There was none.
    Nothing,
    /// There was something of no use.
    Discarded,
    /// There was one, which is now in this part of the buffer.
    Frame(Range<usize>),
}

/// The driver. There is one in a program.
#[derive(Debug)]
pub struct Ethernet<C> {
    chip: C,
    address: [u8; 6],
    buffers: &'static mut Buffers,
    /// Frames taken since the last time that there was none.
    in_a_row: u8,
}

/// Room for one frame in each direction.
#[derive(Debug)]
struct Buffers {
    received: [u8; BUFFER],
    sending: [u8; BUFFER],
}

/// Starts the network over this chip, and returns it with what must run for it and with the board's random numbers. To be
/// called once.
#[must_use]
pub fn start<C: Chip>(
    chip: C,
    address: [u8; 6],
    irq: Irq,
) -> (
    Stack<'static>,
    Runner<'static, Ethernet<C>>,
    &'static mut host::Rng,
) {
    static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers {
        received: [0; BUFFER],
        sending: [0; BUFFER],
    });
    static RESOURCES: StaticCell<StackResources<SOCKETS>> = StaticCell::new();

    let Ok(rng) = host::rng() else {
        defmt::panic!("no entropy: is semihosting on?")
    };
    let driver = Ethernet {
        chip,
        address,
        buffers: BUFFERS.take(),
        in_a_row: 0,
    };
    interrupt::enable(irq, Urgency::Device);
    let resources = RESOURCES.init_with(StackResources::new);
    let config = Config::dhcpv4(DhcpConfig::default());
    let (stack, runner) = embassy_net::new(driver, config, resources, rng.next_u64());
    (stack, runner, rng)
}

/// Handles the chip's interrupt.
pub fn on_interrupt(chip: impl Chip) {
    chip.silence();
    WAKER.wake();
}

impl<C: Chip> Ethernet<C> {
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

impl<C: Chip> Driver for Ethernet<C> {
    type RxToken<'a>
        = Received<'a>
    where
        C: 'a;
    type TxToken<'a>
        = Sending<'a, C>
    where
        C: 'a;

    fn receive(&mut self, cx: &mut Context<'_>) -> Option<(Received<'_>, Sending<'_, C>)> {
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

    fn transmit(&mut self, cx: &mut Context<'_>) -> Option<Sending<'_, C>> {
        self.can_send(cx).then_some(Sending {
            chip: self.chip,
            buffer: &mut self.buffers.sending,
        })
    }

    fn link_state(&mut self, cx: &mut Context<'_>) -> LinkState {
        WAKER.register(cx.waker());
        if self.chip.link_is_up() {
            LinkState::Up
        } else {
            LinkState::Down
        }
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.max_transmission_unit = MAX_FRAME;
        capabilities.max_burst_size = Some(C::MAX_BURST);
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        HardwareAddress::Ethernet(self.address)
    }
}

/// A frame that arrived.
#[derive(Debug)]
pub struct Received<'a> {
    frame: &'a mut [u8],
}

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, f: F) -> R {
        f(self.frame)
    }
}

/// The right to send one frame, for which the chip has room.
#[derive(Debug)]
pub struct Sending<'a, C> {
    chip: C,
    buffer: &'a mut [u8; BUFFER],
}

impl<C: Chip> TxToken for Sending<'_, C> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, f: F) -> R {
        // No frame is longer than `max_transmission_unit`, so that this is the whole of it.
        let message = self.buffer.get_mut(..C::HEADER + length);
        let message = message.unwrap_or_default();
        let result = f(message.get_mut(C::HEADER..).unwrap_or_default());
        self.chip.send(message);
        result
    }
}
