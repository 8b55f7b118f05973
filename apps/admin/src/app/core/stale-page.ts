import { DOCUMENT, Location } from '@angular/common';
import { HttpClient } from '@angular/common/http';
import { inject } from '@angular/core';
import type { NavigationError } from '@angular/router';
import { withoutToken } from '@latchkey/client/angular';
import { Notifier } from './notifier';
import { problemOf } from './problem';

/**
 * Reloads the console at the requested page when a script of the page cannot be loaded: an update of the
 * server has replaced the scripts since this tab was opened. The first navigation of a tab is never repeated,
 * as it would reload forever. If the server does not respond, the open page stays and a message reports the
 * failure.
 */
export function reloadStalePage({ id, url }: NavigationError): void {
  const address = inject(Location).prepareExternalUrl(url);
  const { location } = inject(DOCUMENT);
  const notifier = inject(Notifier);
  if (id > 1) {
    inject(HttpClient)
      .get(address, { responseType: 'text', context: withoutToken() })
      .subscribe({
        next: () => location.assign(address),
        error: (error: unknown) => notifier.failure(problemOf(error)),
      });
  }
}
