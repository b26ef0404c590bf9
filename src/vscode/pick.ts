import type * as vscode from 'vscode';

/**
 * Shows a list and lets the user choose.
 * @param valueOf what an item stands for; nothing for one that cannot be chosen.
 * @returns what was chosen; undefined where the list was left.
 */
export async function pickFrom<T extends vscode.QuickPickItem, R>(
  picker: vscode.QuickPick<T>,
  valueOf: (item: T) => R | undefined,
): Promise<R | undefined> {
  const picked = new Promise<R | undefined>((resolve) => {
    // Enter before the list has anything to choose from chooses nothing yet.
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      const value = item && valueOf(item);
      if (value !== undefined) resolve(value);
    });
    picker.onDidHide(() => resolve(undefined));
  });
  picker.show();
  const value = await picked;
  picker.dispose();
  return value;
}
