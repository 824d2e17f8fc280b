export {};
//# sourceMappingURL=combine.d.ts.map
