import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { ReactiveFormsModule } from '@angular/forms';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import { injectTexts } from '../../core/language';
import { TextField } from '../../shared/forms/text-field';
import { type LimitsForm, WINDOWS } from './limits-form';

/** Fields for the limits of a token and its metadata. */
@Component({
  selector: 'app-limits-fields',
  imports: [MatFormFieldModule, MatSelectModule, ReactiveFormsModule, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'stack' },
  template: `
    <app-text-field
      type="area"
      [control]="fields().allowedAddresses"
      [label]="t().limits.addresses"
      [hint]="t().limits.addressesHint"
    />
    <div class="pair">
      <app-text-field type="number" [control]="fields().limit" [label]="t().limits.rate" />
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().limits.window }}</mat-label>
        <mat-select [formControl]="fields().windowSeconds">
          @for (seconds of windows(); track seconds) {
            <mat-option [value]="seconds">{{ t().limits.per(seconds) }}</mat-option>
          }
        </mat-select>
      </mat-form-field>
    </div>
    <div class="pair">
      <app-text-field
        type="number"
        [control]="fields().maxUses"
        [label]="t().limits.maxUses"
        [hint]="t().limits.maxUsesHint"
      />
      <app-text-field type="datetime-local" [control]="fields().notBefore" [label]="t().limits.notBefore" />
    </div>
    <app-text-field
      type="area"
      [control]="fields().metadata"
      [label]="t().limits.metadata"
      [hint]="t().limits.metadataHint"
    />
  `,
  styles: `
    .pair {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr));
      align-items: start;
      gap: var(--space-4) var(--space-3);
    }
  `,
})
export class LimitsFields {
  readonly form = input.required<LimitsForm>();

  protected readonly t = injectTexts();
  protected readonly fields = computed(() => this.form().controls);
  protected readonly windows = computed(() => {
    const present = this.fields().windowSeconds.value;
    return [...new Set([...WINDOWS, present])].sort((one, other) => one - other);
  });
}
