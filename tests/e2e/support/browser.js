// SPDX-License-Identifier: MIT
// The browser of the end-to-end tests: how it is started, and the watch over what a page does.
import {chromium} from 'playwright-core';

const flags = [
    '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
];

/** Debian's chromium, alone with what it is shown; `more` are further flags. */
export const startBrowser = (...more) => chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: [...flags, ...more]});

/** Everything on the page that should not have happened, and what should have. */
export function watch(page, origin) {
    const seen = {errors: [], dialogs: [], strangers: [], webgl: false};
    page.on('pageerror', (error) => seen.errors.push(String(error)));
    page.on('crash', () => seen.errors.push('the page crashed'));
    page.on('dialog', (dialog) => {
        seen.dialogs.push(dialog.message());
        return dialog.dismiss();
    });
    page.on('console', (message) => {
        if (message.type() === 'error')
            seen.errors.push(message.text());
        seen.webgl ||= message.text().includes('WebGL initialized');
    });
    page.on('request', (request) => {
        const {protocol, origin: from} = new URL(request.url());
        if (from !== origin && protocol !== 'blob:' && protocol !== 'data:')
            seen.strangers.push(request.url());
    });
    return seen;
}
