import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { ReactiveFormsModule } from '@angular/forms';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSelectModule } from '@angular/material/select';
import { injectTexts } from '../../core/language';
import { controlError } from '../../shared/forms/field-error';
import { type LimitsForm, WINDOWS } from './limits-form';

/** Fields for the limits of a token and its metadata. */
@Component({
  selector: 'app-limits-fields',
  imports: [MatFormFieldModule, MatInput, MatSelectModule, ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'stack' },
  template: `
    <ng-container [formGroup]="form()">
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().limits.addresses }}</mat-label>
        <textarea
          matInput
          formControlName="allowedAddresses"
          rows="3"
          autocapitalize="none"
          spellcheck="false"
        ></textarea>
        <mat-hint>{{ t().limits.addressesHint }}</mat-hint>
        <mat-error>{{ errors.allowedAddresses() }}</mat-error>
      </mat-form-field>
      <div class="pair">
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().limits.rate }}</mat-label>
          <input matInput type="number" min="1" formControlName="limit" />
          <mat-error>{{ errors.limit() }}</mat-error>
        </mat-form-field>
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().limits.window }}</mat-label>
          <mat-select formControlName="windowSeconds">
            @for (seconds of windows(); track seconds) {
              <mat-option [value]="seconds">{{ t().limits.per(seconds) }}</mat-option>
            }
          </mat-select>
        </mat-form-field>
      </div>
      <div class="pair">
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().limits.maxUses }}</mat-label>
          <input matInput type="number" min="1" formControlName="maxUses" />
          <mat-hint>{{ t().limits.maxUsesHint }}</mat-hint>
          <mat-error>{{ errors.maxUses() }}</mat-error>
        </mat-form-field>
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().limits.notBefore }}</mat-label>
          <input matInput type="datetime-local" formControlName="notBefore" />
          <mat-error>{{ errors.notBefore() }}</mat-error>
        </mat-form-field>
      </div>
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().limits.metadata }}</mat-label>
        <textarea
          matInput
          formControlName="metadata"
          rows="3"
          autocapitalize="none"
          spellcheck="false"
        ></textarea>
        <mat-hint>{{ t().limits.metadataHint }}</mat-hint>
        <mat-error>{{ errors.metadata() }}</mat-error>
      </mat-form-field>
    </ng-container>
  `,
  styles: `
    .pair {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr));
      align-items: start;
      gap: 18px 12px;
    }
    textarea {
      font: 13px/1.6 var(--app-mono);
    }
  `,
})
export class LimitsFields {
  readonly form = input.required<LimitsForm>();

  protected readonly t = injectTexts();
  protected readonly windows = computed(() => {
    const present = this.form().controls.windowSeconds.value;
    return [...new Set([...WINDOWS, present])].sort((one, other) => one - other);
  });
  protected readonly errors = {
    allowedAddresses: controlError(() => this.form().controls.allowedAddresses),
    limit: controlError(() => this.form().controls.limit),
    maxUses: controlError(() => this.form().controls.maxUses),
    notBefore: controlError(() => this.form().controls.notBefore),
    metadata: controlError(() => this.form().controls.metadata),
  };
}
