import { inject } from '@angular/core';
import type { CanDeactivateFn } from '@angular/router';
import { Session } from '../core/session';

/** A page that may hold what would be lost if it was left. */
export interface Holding {
  /** Whether it may be left; it may ask first. */
  mayLeave(): boolean | Promise<boolean>;
}

/** Asks a page before it is left. Whoever is signed out is kept on no page. */
export const leaving: CanDeactivateFn<Holding> = (page) => !inject(Session).isSignedIn() || page.mayLeave();
