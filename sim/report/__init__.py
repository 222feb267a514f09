"""What people read: rows and sentences are built once, and the rest only draws them."""
