import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { injectTexts } from '../../core/language';
import { EmptyState, ErrorState, StaleNotice } from '../ui/states';
import { ListPages } from './list-pages';
import { type ListState, PAGE_SIZES } from './list-state';
import type { RowList } from './paged-list';

/** Frame of a list: progress, empty and error states, and pagination. */
@Component({
  selector: 'app-list-frame',
  imports: [EmptyState, ListPages, MatButton, MatProgressBar, StaleNotice, ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list-frame.html',
  styleUrl: './list-frame.scss',
})
export class ListFrame {
  readonly list = input.required<RowList<unknown>>();
  readonly state = input.required<ListState>();

  protected readonly t = injectTexts();
  protected readonly skeleton = [0, 1, 2, 3, 4, 5];
  protected readonly hasPages = computed(() => {
    const { status, total } = this.list();
    return status() === 'rows' && (total() ?? 0) > PAGE_SIZES[0];
  });
}
