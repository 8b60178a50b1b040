/* Every function, and every error that it can answer. */
#ifndef ERRORS_H
#define ERRORS_H

void run_errors(void);
void run_outbox(void);
void run_overlaps(void);

#endif
