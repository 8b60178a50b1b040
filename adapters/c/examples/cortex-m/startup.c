/* What stands before main on a Cortex-M without an operating system, and printing by semihosting. */

#include "semihosting.h"

extern uint32_t stack_top[], data_start[], data_end[], data_in_flash[], bss_start[], bss_end[];
extern const char library_start[], library_end[];

int main(void);
void reset(void);
void stop(void);

static uint32_t semihosting(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;

    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void leave(uint32_t status)
{
    /* SYS_EXIT_EXTENDED, because of the application's own accord. */
    const uint32_t reason[2] = { 0x20026u, status };

    semihosting(0x20u, reason);
    for (;;) {
    }
}

void reset(void)
{
    uint32_t *to;
    const uint32_t *from = data_in_flash;

    for (to = data_start; to < data_end; to++) {
        *to = *from++;
    }
    for (to = bss_start; to < bss_end; to++) {
        *to = 0;
    }
    leave((uint32_t)main());
}

/* Any exception ends the program. */
void stop(void)
{
    print("an exception\n");
    leave(100);
}

typedef void (*handler_t)(void);

__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack;
    handler_t handlers[15];
} vectors = { stack_top, { reset, stop, stop, stop, stop, stop, 0, 0, 0, 0, stop, stop, 0, stop, stop } };

void print_bytes(const char *bytes, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        semihosting(0x03u, &bytes[i]); /* SYS_WRITEC */
    }
}

void print(const char *text)
{
    semihosting(0x04u, text); /* SYS_WRITE0 */
}

void print_number(uint32_t number)
{
    char digits[11];
    size_t at = sizeof digits - 1;

    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    print(&digits[at]);
}

uint32_t flash_of_library(void)
{
    return (uint32_t)(library_end - library_start);
}
