/* SPDX-License-Identifier: MIT */
/* The times in which no thread is inside a capture, recorded as spans of one lane.
 *
 * A wait ends when any thread enters. It is kept here until the thread of the lane, which is the lane's only writer,
 * enters again and records something or leaves. The lane's thread was not inside during a wait, so waits never overlap
 * what the lane has recorded. What a program tells of a kept wait itself (GBX_SPAN_SINCE), on any lane, is not told
 * twice. */
#ifndef GBX_CAPTURE_WAITING_H
#define GBX_CAPTURE_WAITING_H

#include <stdint.h>

struct gbx_capture;
struct gbxi_lane;

/* The thread of `lane`, which was not inside, enters. The lock is held. Thread: the lane's. */
void gbxi_waiting_enter(struct gbx_capture *capture, struct gbxi_lane *lane);

/* A thread is no longer inside. The lock is held. Thread: any. */
void gbxi_waiting_leave(struct gbx_capture *capture);

/* A span from `moment`, in ticks, until now is about to be recorded. Thread: any that is inside. */
void gbxi_waiting_cut(struct gbx_capture *capture, uint64_t moment);

/* Records the waits that are over. The lane has no span open. Thread: that of the waits' lane. */
void gbxi_waiting_record(struct gbx_capture *capture);

#endif
