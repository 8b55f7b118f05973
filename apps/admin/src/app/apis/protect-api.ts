import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import { RouterLink } from '@angular/router';
import type { ApiPermissionDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { CopyButton } from '../shared/ui/copy-button';

/** Instructions for protecting an API: the request that verifies a token and requires a permission. */
@Component({
  selector: 'app-protect-api',
  imports: [CopyButton, MatButton, RouterLink, MatFormFieldModule, MatSelectModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 class="card-title">{{ t().apis.protect.heading }}</h2>
    <a matButton="filled" [routerLink]="['/apis', api(), 'protect']">{{ t().apis.protect.open }}</a>
    <p>{{ t().apis.protect.text }}</p>
    @if (permissions().length > 1) {
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().apis.protect.permission }}</mat-label>
        <mat-select [value]="permission()" (valueChange)="permission.set($event)">
          @for (one of permissions(); track one.name) {
            <mat-option [value]="one.name">{{ one.name }}</mat-option>
          }
        </mat-select>
      </mat-form-field>
    }
    <code class="code-box">{{ query() }}</code>
    <div class="row between">
      <app-copy-button [text]="query()" [caption]="t().apis.protect.copy" />
      <a class="link" href="/docs" target="_blank" rel="noopener">{{ t().apis.protect.docs }}</a>
    </div>
    <p class="second-line">{{ t().apis.protect.repeat }}</p>
  `,
  styles: `
    :host(.card) {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-3);
    }
    [matButton] {
      justify-self: start;
    }
  `,
})
export class ProtectApi {
  /** Name of the API. */
  readonly api = input.required<string>();
  readonly permissions = input.required<readonly ApiPermissionDto[]>();

  protected readonly t = injectTexts();
  protected readonly permission = linkedSignal(() => this.permissions()[0]?.name ?? '');
  protected readonly query = computed(() => `/auth/verify?permission=${this.permission()}`);
}
