// A small dialog with one form: adds when there is no version, else changes with the 412 dance.
import { t } from '../../i18n/index.js';
import { dialog } from '../../ui/dialog.js';
import { form } from '../../ui/form.js';
import { toast } from '../../ui/toast.js';

/**
 * @param {object} options
 * @param {string} options.title
 * @param {import('../../kernel/dom.js').Child} options.body
 * @param {(() => Promise<any>) | null} [options.read] the record as it is now
 * @param {number} [options.version]
 * @param {(values: Record<string, any>, version: number, key: string) => Promise<any>} options.save
 * @param {() => void} options.done
 * @param {(fresh: any) => void} options.again opens anew with the record as it is now
 * @param {(values: Record<string, any>) => { pointer: string, code: string }[]} [options.check]
 * @param {string} [options.saved]
 */
export function editDialog({ title, body, read, version = 0, save, done, again, check, saved }) {
  let current = version;
  /** @type {import('../../ui/form.js').Form | null} */
  let filling = null;
  dialog({
    title, size: 'narrow', mayClose: () => filling?.mayLeave() ?? true,
    body: (close) => {
      filling = form({
        label: title, body, check, submit: () => t(version ? 'save' : 'add'), onCancel: () => close(),
        stale: read ? {
          reload: () => void read().then((fresh) => {
            close();
            again(fresh);
          }),
          keep: async () => void (current = (await read()).version),
        } : undefined,
        onSubmit: async (values, { key }) => {
          await save(values, current, key);
          close();
          done();
          toast({ text: saved ?? t('saved') });
        },
      });
      return filling.node;
    },
  });
}
