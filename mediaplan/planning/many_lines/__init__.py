"""Plain questions over very many lines, without handing all their straight pieces to the engine."""
