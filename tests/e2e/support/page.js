// SPDX-License-Identifier: MIT
// The page to try the service on, in a browser: opened, watched, and handled as a person does.
import assert from 'node:assert/strict';
import fs from 'node:fs';

import {watch} from './browser.js';

export const DESK = {width: 1280, height: 900};
export const PHONE = {width: 360, height: 740};

/** Opens the page in a context of its own, ready to run; `prepare(page)` comes before it is loaded. */
export async function openPage(browser, server, {viewport = DESK, colorScheme = 'light', prepare = async () => {}} = {}) {
    const context = await browser.newContext({viewport, colorScheme, acceptDownloads: true, reducedMotion: 'reduce'});
    const page = await context.newPage();
    context.setDefaultTimeout(120_000); // opening another page takes long beside two compilers
    const seen = watch(page, server.url);
    await page.addInitScript(() => {
        globalThis.violations = [];
        addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) => globalThis.violations.push(`${violatedDirective} ${blockedURI}`));
    });
    await prepare(page);
    const answer = await page.goto(server.url + '/');
    assert.equal(answer.status(), 200);
    const status = page.locator('#status');
    await page.waitForFunction(() => document.getElementById('status').textContent === 'Ready.');
    /** Waits for what comes of a run: the text of the status. */
    async function outcome() {
        await page.waitForFunction(() => !/^(Ready|Running|Still running)\.$/.test(document.getElementById('status').textContent));
        return status.textContent();
    }

    return {
        page, context, seen, status, outcome,
        /** Fills the form in: source and text, engine, transformation, trace. */
        async fill({source, text, engine, trace}) {
            if (source)
                await page.locator(`input[name=source][value=${source}]`).check();
            if (text !== undefined)
                await page.fill('#text', text);
            if (engine)
                await page.selectOption('#engine', engine);
            if (trace !== undefined)
                await page.locator('#trace').setChecked(trace);
        },
        /** Presses Run and waits for what comes of it. */
        async run() {
            await page.click('#run');
            return outcome();
        },
        /** How many nodes the drawing says that it has, once it is there. */
        async drawn() {
            await page.waitForFunction(() => document.querySelector('#stage.failed') || document.getElementById('stage').dataset.drawn);
            assert.equal(await page.locator('#stage.failed').count(), 0, await page.locator('#stage').textContent());
            return Number(await page.locator('#stage').getAttribute('data-drawn'));
        },
        /** The file behind a link. */
        async download(id) {
            const [download] = await Promise.all([page.waitForEvent('download'), page.click(id)]);
            return {name: download.suggestedFilename(), text: fs.readFileSync(await download.path(), 'utf8')};
        },
        /** Asserts that nothing happened which should not have, and closes the page; `refused` are statuses that were asked for. */
        async close({refused = []} = {}) {
            const violations = await page.evaluate(() => globalThis.violations);
            // A refusal is told in the console by the browser itself.
            const errors = seen.errors.filter((text) => !refused.some((code) => text.includes(`status of ${code}`)));
            assert.deepEqual({errors, dialogs: seen.dialogs, strangers: seen.strangers, violations}, {errors: [], dialogs: [], strangers: [], violations: []});
            await context.close();
        },
    };
}

/** Presses Tab until the element `id` has the focus; the ids on the way, in order. */
export async function tabTo(page, id) {
    const passed = [];
    while (passed.at(-1) !== id) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate(() => {
            const element = document.activeElement;
            const {outlineStyle} = getComputedStyle(element.matches('.switch input, .file input') ? element.nextElementSibling : element);
            return {id: element.id || element.name || element.textContent.trim(), visible: outlineStyle !== 'none'};
        });
        assert.ok(focused.visible, `the focus on ${focused.id} can be seen`);
        passed.push(focused.id);
        assert.ok(passed.length < 60, `${id} was not reached: ${passed}`);
    }
    return passed;
}

/* Runs in the page: texts whose contrast with what is behind them is below WCAG's AA, [text, ratio]. */
export function faintTexts() {
    const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d', {willReadFrequently: true});
    const rgba = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data;
    };
    const luminance = ([red, green, blue]) => [red, green, blue].map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const behind = (element) => {
        for (; element; element = element.parentElement) {
            // The bar behind a row of the table is a gradient, and the strongest colour that there is in it.
            const bar = getComputedStyle(element).backgroundImage.match(/rgb\([^)]*\)/);
            const colour = rgba(bar ? bar[0] : getComputedStyle(element).backgroundColor);
            if (colour[3] === 255)
                return colour;
        }
        return rgba('white');
    };
    const faint = [];
    for (const element of document.querySelectorAll('body *:not(svg *):not(option):not(script):not(noscript)')) {
        const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '') || element.matches('select, textarea');
        if (!own || !element.checkVisibility() || element.closest('.skip, :disabled'))
            continue;
        const [light, dark] = [luminance(rgba(getComputedStyle(element).color)), luminance(behind(element))].sort((a, b) => b - a);
        const ratio = (light + 0.05) / (dark + 0.05);
        if (ratio < 4.5)
            faint.push([element.textContent.trim().slice(0, 40), ratio]);
    }
    return faint;
}
