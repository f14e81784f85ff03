// SPDX-License-Identifier: MIT
// Lays a DOT graph out apart from the page, which may be slow; answers {svg} or {error}. A classic worker: viz.js is a script.
/* global Viz */
importScripts('viz.js');

addEventListener('message', async ({data}) => {
    try {
        const viz = await Viz.instance();
        postMessage({svg: viz.renderString(data, {format: 'svg', engine: 'dot', graphAttributes: {bgcolor: 'transparent', pad: '0.2'}, nodeAttributes: {fontname: 'sans-serif'}, edgeAttributes: {fontname: 'sans-serif'}})});
    } catch (error) {
        postMessage({error: String(error.message ?? error)});
    }
});
