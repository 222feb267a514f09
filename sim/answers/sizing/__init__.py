"""The cheapest rota."""
