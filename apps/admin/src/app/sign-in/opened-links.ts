import { Location } from '@angular/common';
import { inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { ActivatedRoute, NavigationSkipped, Router } from '@angular/router';
import { filter, map, merge, type Observable, tap } from 'rxjs';

/**
 * Emits the secret of each link to a page that is opened in this tab, first that of the current link. Removes
 * the secrets from the address bar and the history, where others could see them.
 */
export function openedLinks(path: string): Observable<string> {
  const location = inject(Location);
  const route = inject(ActivatedRoute);
  // The router skips a link that is opened again, because it does not know that the address changed.
  const reopened = inject(Router).events.pipe(
    filter((event) => event instanceof NavigationSkipped),
    map(() => route.snapshot.fragment),
  );
  return merge(route.fragment, reopened).pipe(
    tap(() => location.replaceState(path)),
    filter((secret) => secret !== null),
    takeUntilDestroyed(),
  );
}
