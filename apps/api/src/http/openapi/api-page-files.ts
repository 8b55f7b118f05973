/** Files of Swagger UI that the page uses. The package has others, such as a page that loads any document. */
export const API_PAGE_FILES: ReadonlySet<string> = new Set([
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'favicon-32x32.png',
]);
