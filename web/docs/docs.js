// SPDX-License-Identifier: MIT
// Shows the OpenAPI document of this server. Requests from this page go only to this server.
window.api = window.SwaggerUIBundle({
    url: new URL('openapi.json', document.baseURI).href,
    dom_id: '#api',
    deepLinking: true,
    docExpansion: 'list',
    tryItOutEnabled: true,
    validatorUrl: null,
});
