/* All checks of the library in C. Ends with 0 if they hold. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "errors.h"
#include "vectors.h"

unsigned long checks, failures;

void check(int holds, const char *condition, const char *file, int line)
{
    checks++;
    if (!holds) {
        failures++;
        printf("%s:%d: does not hold: %s\n", file, line, condition);
    }
}

void *exactly(size_t size)
{
    void *memory = malloc(size > 0 ? size : 1);

    if (memory == NULL) {
        abort();
    }
    /* What nobody wrote must not look like something. */
    memset(memory, 0xA5, size);
    return memory;
}

int main(void)
{
    run_vectors();
    run_errors();
    run_outbox();
    run_overlaps();
    printf("%lu checks, %lu of them do not hold\n", checks, failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
