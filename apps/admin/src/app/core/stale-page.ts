import { DOCUMENT, Location } from '@angular/common';
import { inject } from '@angular/core';
import type { NavigationError } from '@angular/router';

/**
 * Loads the page that was asked for from the server when its bundle cannot be had: an update has replaced the bundles
 * since this tab was opened. The first page of a tab is let fail, or it would be loaded for ever.
 */
export function loadAnew({ id, url }: NavigationError): void {
  const address = inject(Location).prepareExternalUrl(url);
  if (id > 1) {
    inject(DOCUMENT).location.assign(address);
  }
}
