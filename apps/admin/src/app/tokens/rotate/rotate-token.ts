import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import type { CanLeave } from '../../shared/leave-guard';
import { loaded } from '../../shared/loaded';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { RotationForm } from '../../shared/tokens/rotation-form';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { LoadState, StaleNotice } from '../../shared/ui/states';
import { CreatedToken } from '../created-token';
import { TokensApi } from '../tokens-api';

/** Page that rotates a token, with a grace period for the old secret, and shows the new one once. */
@Component({
  selector: 'app-rotate-token',
  imports: [BackLink, CreatedToken, LoadState, MatButton, PageHeader, RotationForm, RouterLink, StaleNotice],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (rotated.token()) {
      <app-created-token [secret]="rotated" [heading]="t().newToken.rotation.done" />
    } @else {
      <app-back-link [to]="'/tokens/' + id()">{{ t().pages.token }}</app-back-link>
      <app-page-header [heading]="t().pages.rotateToken" [lead]="t().newToken.rotation.lead" />
      @if (token.value(); as shown) {
        @if (token.problem(); as problem) {
          <app-stale-notice [problem]="problem" (retry)="token.reload()" />
        }
        <app-rotation-form
          class="card"
          [token]="shown"
          (rotated)="rotated.token.set($event)"
          (outdated)="token.reload()"
        >
          <a matButton [routerLink]="['/tokens', shown.id]">{{ t().common.cancel }}</a>
        </app-rotation-form>
      } @else {
        <app-load-state class="card" [of]="token" />
      }
    }
  `,
  styles: `
    :host {
      display: block;
      max-width: 720px;
    }
  `,
})
export class RotateToken implements CanLeave {
  private readonly api = inject(TokensApi);

  /** Id of the token, from the URL. */
  readonly id = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly token = loaded(
    () => this.id(),
    (id) => this.api.get(id),
  );
  protected readonly rotated = oneTimeSecret();

  mayLeave(): boolean | Promise<boolean> {
    return this.rotated.mayLeave();
  }
}
