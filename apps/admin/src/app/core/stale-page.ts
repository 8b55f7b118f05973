import { DOCUMENT, Location } from '@angular/common';
import { HttpClient } from '@angular/common/http';
import { inject } from '@angular/core';
import type { NavigationError } from '@angular/router';
import { Notifier } from './notifier';
import { problemOf } from './problem';
import { anonymously } from './request-context';

/**
 * Loads the page that was asked for from the server when its bundle cannot be had: an update has replaced the bundles
 * since this tab was opened. The first page of a tab is let fail, or it would be loaded for ever; and a server that does not
 * answer is told, with the page that is open left in place.
 */
export function loadAnew({ id, url }: NavigationError): void {
  const address = inject(Location).prepareExternalUrl(url);
  const { location } = inject(DOCUMENT);
  const notifier = inject(Notifier);
  if (id > 1) {
    inject(HttpClient)
      .get(address, { responseType: 'text', context: anonymously() })
      .subscribe({
        next: () => location.assign(address),
        error: (error: unknown) => notifier.failure(problemOf(error)),
      });
  }
}
