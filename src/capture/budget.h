/* SPDX-License-Identifier: MIT */
/* What a capture still allows its lanes to record. */
#ifndef GBX_CAPTURE_BUDGET_H
#define GBX_CAPTURE_BUDGET_H

#include <glassbox/capture.h>

/* Up to `wanted` spans from the capture's allowance; 0 when it is used up or the capture is finished. Thread: any. */
uint32_t gbx__budget_take(gbx_capture *capture, uint32_t wanted);
void gbx__budget_give_back(gbx_capture *capture, uint32_t spans);

/* Whether `bytes` of notes and formatted names may still be stored; if so they are taken. Thread: any. */
bool gbx__budget_take_text(gbx_capture *capture, size_t bytes);

#endif
