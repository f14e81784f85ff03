// SPDX-License-Identifier: MIT
// Finds the position in a JSON text that a JSON Pointer refers to, so that it can be shown.

const SPACE = /\s*/y;
const SCALAR = /"[^"\\]*(?:\\.[^"\\]*)*"|[^\s,:\]}"]+/y;

/** A scanner for well-formed JSON. It only finds where values begin and end. */
class Scanner {
    constructor(text) {
        this.text = text;
        this.at = 0;
    }

    take(pattern) {
        pattern.lastIndex = this.at;
        const found = pattern.exec(this.text)?.[0] ?? '';
        this.at += found.length;
        return found;
    }

    /** Returns the next character that is not a space, without consuming it. */
    peek() {
        this.take(SPACE);
        return this.text[this.at];
    }

    /** Skips one value without recursion, because input may be nested deeper than the stack. */
    skip() {
        let depth = 0;
        do {
            const next = this.peek();
            if (next === '{' || next === '[')
                depth++;
            else if (next === '}' || next === ']')
                depth--;
            if ('{}[],:'.includes(next))
                this.at++;
            else
                this.take(SCALAR);
        } while (depth > 0 && this.at < this.text.length);
    }

    /** Moves to the given member or element of the value at the current position. Returns false if there is none. */
    enter(part) {
        const opening = this.peek();
        if (opening !== '{' && opening !== '[')
            return false;
        this.at++;
        for (let index = 0; this.peek() !== '}' && this.peek() !== ']'; index++) {
            let name = String(index);
            if (opening === '{') {
                name = JSON.parse(this.take(SCALAR));
                this.peek();
                this.at++; // the colon
            }
            this.peek();
            if (name === part)
                return true;
            this.skip();
            if (this.peek() === ',')
                this.at++;
        }
        return false;
    }
}

/**
 * The range [begin, end] in `text` of the value at `pointer`, or of its innermost parent that exists. `text` must be
 * valid JSON.
 */
export function rangeOf(text, pointer) {
    const scanner = new Scanner(text);
    scanner.peek();
    let begin = scanner.at;
    for (const part of pointer.split('/').slice(1)) {
        if (!scanner.enter(part.replaceAll('~1', '/').replaceAll('~0', '~')))
            break;
        begin = scanner.at;
    }
    scanner.at = begin;
    scanner.skip();
    return [begin, scanner.at];
}
