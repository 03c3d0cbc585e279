/** Deletes everything that was kept, of everybody. Resolves when it is gone; other tabs let go of it when they are asked to. */
export function deleteDatabase(): Promise<void> {
  if (typeof indexedDB === "undefined") return Promise.resolve();
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase("tidegate");
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}
